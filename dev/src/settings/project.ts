import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { Variables } from './env-file.ts'

/** Of every clone, before each had a name of its own. */
const earlierName = 'auth-sidecar'

/**
 * The Compose project of a clone: two clones share neither containers nor data, also where their folders have one name. The
 * digest is of the path, so a folder that is moved has a new one.
 */
export function projectOf(folder: string): string {
  const readable = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  const digest = createHash('sha256').update(folder).digest('hex').slice(0, 8)
  return readable === '' ? `clone-${digest}` : `${readable}-${digest}`
}

/**
 * The line that a .env without the setting gets. An earlier version's keeps its containers and data: that file has its
 * secrets. One that was written by hand has none yet, and gets the name of its folder.
 */
export function missingProject(file: Variables): Variables {
  if (file.COMPOSE_PROJECT_NAME !== undefined) return {}
  return { COMPOSE_PROJECT_NAME: file.POSTGRES_PASSWORD ? earlierName : '' }
}
