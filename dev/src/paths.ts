import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Two folders up from here, and also from dev/dist, where run.sh puts this program as one file. */
export const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/** State of every stack that this checkout runs: `.local/dev` is `make up`'s, `.local/test-*` are throw-away ones. */
export const localFolder = join(repository, '.local')
