import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

const uninteresting = /^(node_modules|dist|tests?|__pycache__|\..*|.*\.egg-info|.*\.test\.tsx?)$/

/** A digest of the files' names and contents: changes exactly when a build or a restart would bring something new. */
export function digestOf(paths: string[], ...more: string[]): string {
  const hash = createHash('sha256')
  for (const path of paths) addPath(hash, path)
  for (const text of more) hash.update(`\0${text}`)
  return hash.digest('hex').slice(0, 16)
}

function addPath(hash: ReturnType<typeof createHash>, path: string) {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return
  if (stat.isFile()) {
    hash.update(`\0${path}\0`).update(readFileSync(path))
    return
  }
  for (const name of readdirSync(path).sort()) {
    if (!uninteresting.test(name)) addPath(hash, join(path, name))
  }
}
