import { randomUUID } from 'node:crypto'

const ACCEPTABLE = /^[A-Za-z0-9._-]{8,64}$/

/** A caller's x-request-id is kept where it is safe to log, so that one id follows a request through all services. */
export function chooseRequestId(presented: string | undefined): string {
  return presented !== undefined && ACCEPTABLE.test(presented) ? presented : randomUUID()
}
