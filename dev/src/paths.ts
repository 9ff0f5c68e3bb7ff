import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Two folders up from here, and also from dev/dist, where run.sh puts this program as one file. */
export const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/** State of every stack that this checkout runs: `.local/dev` is `make up`'s, `.local/test-*` are throw-away ones. */
export const localFolder = join(repository, '.local')

/** Runs a `.ts` file from whatever folder: `--import tsx` alone is looked up where the caller stands. */
export const nodeWithTypeScript = [process.execPath, '--import', import.meta.resolve('tsx')]

/** Runs another program of dev/ in the form in which this one runs: `main`, `mail/main`. */
export function program(name: string): string[] {
  const isBundle = import.meta.url.endsWith('.js')
  if (isBundle) return [process.execPath, join(repository, 'dev', 'dist', `${name}.js`)]
  return [...nodeWithTypeScript, join(repository, 'dev', 'src', `${name}.ts`)]
}
