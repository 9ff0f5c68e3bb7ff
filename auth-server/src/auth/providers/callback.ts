import type { Context, MiddlewareHandler } from 'hono'
import type { Env } from '../../env.ts'
import { HttpError } from '../../errors.ts'
import { readBytes } from '../../http/body-guard.ts'
import type { AuthEnv } from '../endpoint.ts'
import type { Observed } from '../observation.ts'

/** The app's page for whatever went wrong. frontend/src/components/providers/ has the words. */
export const errorPage = ({ PUBLIC_URL }: Pick<Env, 'PUBLIC_URL'>) => `${PUBLIC_URL}/sign-in`

/** What a provider may send back. An ID token in the front channel is not asked for. */
const PARAMETERS = ['code', 'state', 'iss', 'user', 'error', 'error_description'] as const

/**
 * A provider with `response_mode=form_post` lets the browser post what others put into the query. Such a request comes without our
 * cookies (SameSite=Lax), so it is led on as a GET, which has them. The state protects it, not an Origin.
 */
export function takeFormPosts(): MiddlewareHandler<AuthEnv> {
  return async (c, next) => {
    if (c.get('endpoint').comesFrom !== 'provider' || c.req.method !== 'POST' || !isForm(c)) return next()
    const form = new URLSearchParams((await readBytes(c.env.incoming)).toString('utf8'))
    const query = new URLSearchParams()
    for (const name of PARAMETERS) {
      const value = form.get(name)
      if (value !== null) query.set(name, value)
    }
    // Relative: whatever server is in front of this one knows the address.
    return c.body(null, 303, { location: `${new URL(c.req.url).pathname}?${query}`, 'cache-control': 'no-store' })
  }
}

function isForm(c: Context): boolean {
  return /^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(c.req.header('content-type') ?? '')
}

/** Whoever comes back from a provider is a user in a browser, who cannot read an error body: they are led to the app, with its code. */
export function leadBack(env: Pick<Env, 'PUBLIC_URL'>): MiddlewareHandler<AuthEnv> {
  return async (c, next) => {
    await next()
    const isCallback = (c.get('endpoint') as AuthEnv['Variables']['endpoint'] | undefined)?.comesFrom === 'provider'
    if (!isCallback || c.res.status < 400 || !isPage(c)) return
    const code = c.error instanceof HttpError ? c.error.code : await codeOf(c.res)
    const headers = new Headers({ location: `${errorPage(env)}?${new URLSearchParams({ error: code })}` })
    for (const cookie of c.res.headers.getSetCookie()) headers.append('set-cookie', cookie)
    c.res = undefined // or its body's headers would stay
    c.res = new Response(null, { status: 302, headers })
  }
}

const isPage = (c: Context) => c.req.method === 'GET' && /\btext\/html\b/i.test(c.req.header('accept') ?? '')

async function codeOf(response: Response): Promise<string> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null)
  const code = typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined
  return typeof code === 'string' ? code : 'INTERNAL_ERROR'
}

/** better-auth calls an outage of a provider an invalid code: the user would try another one. */
export function nameOutage(response: Response, { providerUnavailable }: Observed): Response {
  const location = response.headers.get('location')
  if (providerUnavailable === undefined || location === null) return response
  const [path = '', search] = location.split('?')
  const query = new URLSearchParams(search)
  if (!query.has('error')) return response
  query.set('error', 'provider_unavailable')
  const headers = new Headers(response.headers)
  headers.set('location', `${path}?${query}`)
  return new Response(null, { status: response.status, headers })
}
