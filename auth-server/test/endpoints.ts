import { betterAuth } from 'better-auth'
import pg from 'pg'
import { z } from 'zod'
import { authOptions } from '../src/auth/better-auth.ts'
import { readEnv } from '../src/env.ts'
import { adminUrl, INTERNAL_TOKEN, SECRET } from './database.ts'

/** A path of better-auth, as it describes itself; `body` and `query`: the names of their fields. */
export type Described = { path: string; methods: string[]; body: string[]; query: string[] }

type Served = {
  path?: string
  options: { method: string | string[]; metadata?: { SERVER_ONLY?: boolean }; body?: unknown; query?: unknown }
}

/** Every path that better-auth and its plugins have for HTTP. The database is not connected to. */
export function betterAuthEndpoints(): Described[] {
  const variables = { NODE_ENV: 'development', BETTER_AUTH_SECRET: SECRET, INTERNAL_TOKEN, DATABASE_URL: adminUrl() }
  const { api } = betterAuth(authOptions({ env: readEnv(variables), pool: new pg.Pool() }))
  return Object.values(api as Record<string, Served>).flatMap(({ path, options }) => {
    if (path === undefined || options.metadata?.SERVER_ONLY === true) return []
    const { method, body, query } = options
    return [{ path, methods: [method].flat(), body: fieldsOf(body), query: fieldsOf(query) }]
  })
}

/** One for each method of a path. */
export function requestsOf(endpoints: Described[]): (Described & { method: string })[] {
  return endpoints.flatMap((endpoint) => endpoint.methods.map((method) => ({ ...endpoint, method })))
}

function fieldsOf(schema: unknown): string[] {
  if (schema instanceof z.ZodOptional) return fieldsOf(schema.unwrap())
  if (schema instanceof z.ZodIntersection) return [...fieldsOf(schema.def.left), ...fieldsOf(schema.def.right)]
  if (schema instanceof z.ZodUnion) return [...new Set(schema.options.flatMap(fieldsOf))]
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape)
  return []
}
