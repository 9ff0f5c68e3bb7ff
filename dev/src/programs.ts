import { join } from 'node:path'
import { repository } from './paths.ts'

/** Runs a `.ts` file from whatever folder: `--import tsx` alone is looked up where the caller stands. */
export const nodeWithTypeScript = [process.execPath, '--import', import.meta.resolve('tsx')]

/** Runs another program of dev/ in the form in which this one runs: `main`, `mail/main`. */
export function program(name: string): string[] {
  const isBundle = import.meta.url.endsWith('.js')
  if (isBundle) return [process.execPath, join(repository, 'dev', 'dist', `${name}.js`)]
  return [...nodeWithTypeScript, join(repository, 'dev', 'src', `${name}.ts`)]
}
