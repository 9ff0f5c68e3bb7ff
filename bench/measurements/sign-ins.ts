import type { Bench } from '../bench.ts'
import type { AuthServer } from '../processes/auth-servers.ts'
import { signInRequest, signUp } from '../users.ts'
import type { Service } from './rates.ts'

const IN_FLIGHT = 4

/** A new user who signs in over and over. `origin`: of a page that the server trusts. */
export async function signIns(
  { database }: Bench,
  { pid, publicPort, url }: AuthServer,
  { name, origin }: { name: string; origin: string },
): Promise<Service> {
  const user = await signUp(url, origin)
  return {
    name,
    target: { port: publicPort, connections: IN_FLIGHT, next: () => signInRequest(user, origin) },
    groups: [() => [pid], database.processes],
  }
}
