import { randomUUID } from 'node:crypto'

/** What the other services keep too: contract/limits.json. */
export const REQUEST_ID = /^[A-Za-z0-9._-]{8,64}$/

/** A caller's x-request-id is kept where it is safe to log, so that one id follows a request through all services. */
export function chooseRequestId(presented: string | undefined): string {
  return presented !== undefined && REQUEST_ID.test(presented) ? presented : randomUUID()
}
