import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/** State of every stack that this checkout runs: `.local/dev` is `make up`'s, `.local/test-*` are throw-away ones. */
export const localFolder = join(repository, '.local')
