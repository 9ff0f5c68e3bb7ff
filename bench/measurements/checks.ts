import type { Bench } from '../bench.ts'
import { request } from '../load/request.ts'
import { checkRequest, type Person, signUp } from '../people.ts'
import type { AuthServer } from '../processes/auth-servers.ts'
import type { Subject } from './rates.ts'

const IN_FLIGHT = 16

type Servers = { ours: AuthServer; betterAuth: AuthServer }

/** The same question to three routes: this project's, better-auth's in the same server, better-auth's by itself. */
export async function checkSubjects(
  { stack }: Bench,
  { ours, betterAuth }: Servers,
  person: Person,
): Promise<Subject[]> {
  const stranger = await signUp(betterAuth.url, betterAuth.url)
  const check = checkRequest(stack.internalToken, person.bearer)
  const getSession = (bearer: string) =>
    request({ path: '/api/auth/get-session', headers: { authorization: `Bearer ${bearer}` } })
  return [
    subject('GET /internal/session', ours.pid, ours.internalPort, check),
    subject('better-auth get-session, same server', ours.pid, ours.publicPort, getSession(person.bearer)),
    subject('better-auth get-session, alone', betterAuth.pid, betterAuth.publicPort, getSession(stranger.bearer)),
  ]
}

function subject(name: string, pid: number, port: number, bytes: Buffer): Subject {
  return { name, pid, target: { port, connections: IN_FLIGHT, next: () => bytes } }
}
