import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { identityOf, isAlive } from './processes/identity.ts'

const Owner = z.object({ pid: z.number(), startedAt: z.string() })
const prefix = 'test-'

/** A new folder for one run. It names its owner, so that a later run can tell what a killed one left behind. */
export function makeThrowawayFolder(parent: string): string {
  const folder = join(parent, `${prefix}${randomBytes(4).toString('hex')}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(join(folder, 'owner.json'), JSON.stringify(identityOf(process.pid)))
  return folder
}

/** The folders of runs that ended without tidying up: SIGKILL, a crash, a reboot. */
export function abandonedFolders(parent: string): string[] {
  if (!existsSync(parent)) return []
  return readdirSync(parent)
    .filter((name) => name.startsWith(prefix))
    .map((name) => join(parent, name))
    .filter((folder) => isAbandoned(folder))
}

function isAbandoned(folder: string): boolean {
  try {
    return !isAlive(Owner.parse(JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8'))))
  } catch {
    // Being made or being removed at this moment.
    return false
  }
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}
