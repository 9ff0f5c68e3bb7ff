import type { Bench } from '../bench.ts'
import { type Person, signInRequest, signUp } from '../people.ts'
import type { AuthServer } from '../processes/auth-servers.ts'
import type { Subject } from './rates.ts'

const IN_FLIGHT = 4

type Servers = { ours: AuthServer; betterAuth: AuthServer }

/** The same sign-in, with each server's own way to keep passwords. */
export async function signInSubjects(
  { stack }: Bench,
  { ours, betterAuth }: Servers,
  person: Person,
): Promise<Subject[]> {
  const other = await signUp(betterAuth.url, betterAuth.url)
  return [
    subject('auth-server, argon2id 19 MiB/2/1', ours, () => signInRequest(person, stack.origin)),
    subject('better-auth alone, scrypt (its default)', betterAuth, () => signInRequest(other, betterAuth.url)),
  ]
}

function subject(name: string, { pid, publicPort }: AuthServer, next: () => Buffer): Subject {
  return { name, pid, target: { port: publicPort, connections: IN_FLIGHT, next } }
}
