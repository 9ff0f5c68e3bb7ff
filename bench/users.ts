import { randomInt, randomUUID } from 'node:crypto'
import { request } from './load/request.ts'

export type User = { email: string; password: string; bearer: string; cookie: string }

/** Creates a user, signed in, at any server that runs better-auth with its bearer plugin. */
export async function signUp(authUrl: string, origin: string): Promise<User> {
  const [email, password] = [`${randomUUID()}@example.com`, randomUUID()]
  const response = await fetch(`${authUrl}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin, 'x-real-ip': randomAddress() },
    body: JSON.stringify({ name: 'Bench', email, password }),
  })
  const bearer = response.headers.get('set-auth-token')
  const [cookie] = response.headers.getSetCookie().map((line) => line.split(';')[0] ?? '')
  if (!response.ok || !bearer || !cookie) throw new Error(`${authUrl}: the sign-up returned ${response.status}`)
  return { email, password, bearer, cookie }
}

/** As a browser signs in, from a client address of its own. */
export function signInRequest({ email, password }: Pick<User, 'email' | 'password'>, origin: string): Buffer {
  const headers = { origin, 'x-real-ip': randomAddress() }
  return request({ method: 'POST', path: '/api/auth/sign-in/email', headers, body: { email, password } })
}

/** As a service checks a bearer token at the private port. */
export function checkRequest(internalToken: string, bearer: string): Buffer {
  const headers = { 'x-internal-token': internalToken, authorization: `Bearer ${bearer}` }
  return request({ path: '/internal/session', headers })
}

/** Each client address has a rate limit of its own. */
function randomAddress(): string {
  return `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`
}
