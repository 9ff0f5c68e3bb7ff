import type { MiddlewareHandler } from 'hono'
import { HttpError, methodNotAllowed } from '../errors.ts'
import type { HttpEnv } from '../http/context.ts'

type Endpoint = { path?: string; options?: { method?: string | string[]; metadata?: { SERVER_ONLY?: boolean } } }
type Route = { pattern: string; matches: RegExp; methods: string[] }

const BASE = '/api/auth'

/**
 * Lets only better-auth's own paths through, spelt exactly: no second spelling (`//`, `/../`, `%2F`, a slash at the
 * end) can walk around a rule that goes by path. The pattern found is what log and metrics show.
 */
export function knownEndpoint(api: Record<string, unknown>): MiddlewareHandler<HttpEnv> {
  const routes = routesOf(api)
  return async (c, next) => {
    const path = new URL(c.req.url).pathname
    const route = routes.find(({ matches }) => matches.test(path))
    if (!route) throw new HttpError('NOT_FOUND')
    c.set('route', route.pattern)
    if (!route.methods.includes(c.req.method)) throw methodNotAllowed(route.methods)
    await next()
  }
}

/** From better-auth itself, so that a plugin's paths come with the plugin. Plain paths before those with parameters. */
function routesOf(api: Record<string, unknown>): Route[] {
  const methods = new Map<string, string[]>()
  for (const endpoint of Object.values(api).filter(isServed)) {
    const known = methods.get(endpoint.path) ?? []
    methods.set(endpoint.path, known.concat(endpoint.options?.method ?? []))
  }
  return [...methods]
    .map(([path, allowed]) => ({ pattern: BASE + path, matches: toRegExp(BASE + path), methods: allowed }))
    .toSorted((one, other) => Number(one.pattern.includes(':')) - Number(other.pattern.includes(':')))
}

function isServed(endpoint: unknown): endpoint is Endpoint & { path: string } {
  const { path, options } = (endpoint ?? {}) as Endpoint
  return path !== undefined && options?.metadata?.SERVER_ONLY !== true
}

function toRegExp(pattern: string): RegExp {
  return new RegExp(`^${pattern.replace(/:\w+/g, '[A-Za-z0-9._~-]+')}$`)
}
