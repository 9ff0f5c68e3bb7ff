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
 * What an earlier version's .env lacks to keep its containers and data: `make up` has written that file whole, with secrets
 * and without a name. One that was written by hand, or copied from .env.example, gets a name of its own.
 */
export function earlierProject(file: Variables): Variables {
  const isEarlier = Boolean(file.POSTGRES_PASSWORD) && file.COMPOSE_PROJECT_NAME === undefined
  return isEarlier ? { COMPOSE_PROJECT_NAME: earlierName } : {}
}
