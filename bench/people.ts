import { randomInt, randomUUID } from 'node:crypto'
import { request } from './load/request.ts'

export type Person = { email: string; password: string; bearer: string; cookie: string }

/** Somebody new, signed up and in, at any server that runs better-auth with its bearer plugin. */
export async function signUp(authUrl: string, origin: string): Promise<Person> {
  const [email, password] = [`${randomUUID()}@example.com`, randomUUID()]
  const answer = await fetch(`${authUrl}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin, 'x-real-ip': someAddress() },
    body: JSON.stringify({ name: 'Bench', email, password }),
  })
  const bearer = answer.headers.get('set-auth-token')
  const [cookie] = answer.headers.getSetCookie().map((line) => line.split(';')[0] ?? '')
  if (!answer.ok || !bearer || !cookie) throw new Error(`${authUrl}: the sign-up answered ${answer.status}`)
  return { email, password, bearer, cookie }
}

/** As a browser signs in, from an address that nobody else has. */
export function signInRequest({ email, password }: Pick<Person, 'email' | 'password'>, origin: string): Buffer {
  const headers = { origin, 'x-real-ip': someAddress() }
  return request({ method: 'POST', path: '/api/auth/sign-in/email', headers, body: { email, password } })
}

/** As a service asks the private port who is behind a bearer token. */
export function checkRequest(internalToken: string, bearer: string): Buffer {
  const headers = { 'x-internal-token': internalToken, authorization: `Bearer ${bearer}` }
  return request({ path: '/internal/session', headers })
}

/** Each request can come from somebody else, with a share of the rate limit of their own. */
function someAddress(): string {
  return `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`
}
