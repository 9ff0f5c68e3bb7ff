import type { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import type { HttpEnv } from '../http/context.ts'

type Fetch = Parameters<typeof getRequestListener>[0]

/** What is the auth server's own, and the prefix that page servers give to services. */
const SERVICE = /^\/(?:api|health)(?:[/?]|$)/

/**
 * Pages and routes on one port. Two apps, chosen by the path as it was sent: pages have other headers and nothing to do with CORS,
 * and without them a route costs what it did before.
 */
export function beside(app: Hono<HttpEnv>, pages: Hono<HttpEnv> | undefined): Fetch {
  if (!pages) return app.fetch
  return (request, bindings) => {
    const isOurs = SERVICE.test(bindings.incoming.url ?? '')
    return isOurs ? app.fetch(request, bindings) : pages.fetch(request, bindings)
  }
}
