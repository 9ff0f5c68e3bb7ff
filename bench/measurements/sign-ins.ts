import type { Bench } from '../bench.ts'
import { signInRequest, signUp } from '../people.ts'
import type { AuthServer } from '../processes/auth-servers.ts'
import type { Service } from './rates.ts'

const IN_FLIGHT = 4

/** Somebody new who signs in over and over. `origin`: a page that the server trusts. */
export async function signIns(
  { database }: Bench,
  { pid, publicPort, url }: AuthServer,
  { name, origin }: { name: string; origin: string },
): Promise<Service> {
  const person = await signUp(url, origin)
  return {
    name,
    target: { port: publicPort, connections: IN_FLIGHT, next: () => signInRequest(person, origin) },
    groups: [() => [pid], database.processes],
  }
}
