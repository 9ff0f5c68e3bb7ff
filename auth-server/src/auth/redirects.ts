import type { Context, MiddlewareHandler } from 'hono'
import type { Env } from '../env.ts'
import { type ErrorCode, HttpError } from '../errors.ts'
import type { AuthEnv, Endpoint } from './endpoint.ts'
import { leadsTo } from './redirect-rule.ts'

/**
 * Every name under which better-auth and its plugins take an address to send a browser to: callbackURL, redirectTo,
 * errorCallbackURL, newUserCallbackURL, errorURL, newUserURL, … By shape, so that a plugin's names come with the plugin.
 */
const NAME = /(?:callback|redirect|return|error|success|cancel|newuser|logout)_?(?:ur[li]|to)$/i

/** better-auth's own codes. */
const CODES: Record<string, ErrorCode> = {
  callbackurl: 'INVALID_CALLBACK_URL',
  errorcallbackurl: 'INVALID_ERROR_CALLBACK_URL',
  newusercallbackurl: 'INVALID_NEW_USER_CALLBACK_URL',
}

type Addresses = Pick<Env, 'PUBLIC_URL' | 'CORS_ORIGIN'>

/** Refuses what would send a browser anywhere but to the configured origins, whichever endpoint is asked. */
export function redirectRules(env: Addresses): MiddlewareHandler<AuthEnv> {
  const isAllowed = allowedBy(env)
  const check = (name: string, value: unknown) => {
    if (value === undefined) return
    if (typeof value !== 'string')
      throw new HttpError('BAD_REQUEST', { message: `${name} must be one address, as text.` })
    // An empty one is none for better-auth too.
    if (value !== '' && !isAllowed(value)) throw new HttpError(CODES[name.toLowerCase()] ?? 'INVALID_REDIRECT_URL')
  }
  return async (c, next) => {
    for (const [name, value] of queryOf(c)) check(name, value)
    for (const [name, value] of membersOf(c.get('body'))) if (NAME.test(name)) check(name, value)
    await next()
  }
}

/**
 * The same rule for better-auth's responses, wherever it had the address from: a link's state in the database, an option.
 * The sign-in page of a provider is this server's own setting.
 */
export function refuseElsewhere(env: Addresses): (response: Response, endpoint: Pick<Endpoint, 'leadsTo'>) => Response {
  const isAllowed = allowedBy(env)
  return (response, endpoint) => {
    const location = response.headers.get('location')
    if (location === null || isAllowed(location) || endpoint.leadsTo === 'provider') return response
    throw new HttpError('INVALID_REDIRECT_URL')
  }
}

function allowedBy({ PUBLIC_URL, CORS_ORIGIN }: Addresses): (address: string) => boolean {
  const own = new URL(PUBLIC_URL).origin
  const allowed = [own, ...CORS_ORIGIN]
  return (address) => leadsTo(allowed, own, address)
}

/** Each name once, with its value; a name that stands there twice has a list. `name[]` and `name[0]` are `name`. */
function queryOf(c: Context<AuthEnv>): Map<string, unknown> {
  const found = new Map<string, unknown>()
  for (const [written, value] of new URL(c.req.url).searchParams) {
    const name = written.replace(/\[.*$/s, '')
    if (NAME.test(name)) found.set(name, found.has(name) || name !== written ? [value] : value)
  }
  return found
}

/** However deep: a sign-in at a provider carries data of the caller's through its state. */
function* membersOf(value: unknown): Generator<[string, unknown]> {
  if (typeof value !== 'object' || value === null) return
  for (const [name, member] of Object.entries(value)) {
    yield [name, member]
    yield* membersOf(member)
  }
}
