import type { MiddlewareHandler } from 'hono'
import type { AuthEnv } from './endpoint.ts'

/** Longer than any difference between an address that is taken and one that is not; shorter than anybody minds. */
const STEP_MS = 250

/**
 * Where a response must not show whether there is an account, it leaves at a multiple of STEP_MS after the request came: a new account
 * is a few statements more than one that was there. Outside of whatever the handler occupied.
 */
export function respondAlike(isOn: boolean): MiddlewareHandler<AuthEnv> {
  return async (c, next) => {
    const startedAt = performance.now()
    await next()
    if (!isOn || !c.get('endpoint').alike || c.res.status >= 400) return
    const left = STEP_MS - ((performance.now() - startedAt) % STEP_MS)
    await new Promise((resolve) => setTimeout(resolve, left))
  }
}

/** In this order. What a plugin adds to a user, better-auth adds to one that it makes up in another form. */
const FIELDS = ['id', 'email', 'name', 'image', 'emailVerified', 'createdAt', 'updatedAt'] as const

/** The body of a sign-up that signs nobody in: of a user that was made as of one that was not. */
export async function alikeBody(response: Response): Promise<Response> {
  const { user } = (await response.json()) as { user: Record<string, unknown> }
  const shown = Object.fromEntries(FIELDS.map((name) => [name, user[name] ?? null]))
  const headers = new Headers(response.headers)
  headers.delete('content-length')
  return new Response(JSON.stringify({ token: null, user: shown }), { status: response.status, headers })
}
