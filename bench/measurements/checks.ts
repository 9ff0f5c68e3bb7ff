import type { Bench } from '../bench.ts'
import { request } from '../load/request.ts'
import type { AuthServer } from '../processes/auth-servers.ts'
import { checkRequest, signUp, type User } from '../users.ts'
import type { Service } from './rates.ts'

const IN_FLIGHT = 16

/** A session check on the route for services, and on better-auth's in the same server. */
export function ourChecks({ stack, database }: Bench, { pid, internalPort, publicPort }: AuthServer, { bearer }: User) {
  const groups = [() => [pid], database.processes]
  const check = checkRequest(stack.internalToken, bearer)
  const getSession = getSessionRequest(bearer)
  return {
    ours: {
      name: 'GET /internal/session',
      target: { port: internalPort, connections: IN_FLIGHT, next: () => check },
      groups,
    },
    sameServer: {
      name: 'better-auth get-session, same server',
      target: { port: publicPort, connections: IN_FLIGHT, next: () => getSession },
      groups,
    },
  } satisfies Record<string, Service>
}

/** The same check at better-auth alone. */
export async function betterAuthCheck({ database }: Bench, { pid, publicPort, url }: AuthServer): Promise<Service> {
  const { bearer } = await signUp(url, url)
  const getSession = getSessionRequest(bearer)
  return {
    name: 'better-auth get-session, alone',
    target: { port: publicPort, connections: IN_FLIGHT, next: () => getSession },
    groups: [() => [pid], database.processes],
  }
}

function getSessionRequest(bearer: string): Buffer {
  return request({ path: '/api/auth/get-session', headers: { authorization: `Bearer ${bearer}` } })
}
