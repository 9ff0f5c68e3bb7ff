import type { MiddlewareHandler } from 'hono'
import type { Pool } from 'pg'
import { tableName } from '../database/names.ts'
import { read } from '../database/unavailable.ts'
import type { Env } from '../env.ts'
import type { AuthEnv, Endpoint } from './endpoint.ts'
import type { Observed } from './observation.ts'

/**
 * better-auth names a session by its token, in lists and where one is to be revoked. Here its id takes that place: a list holds no
 * token but that of the caller, which the caller has anyway. What a list names can be handed back, and so can a token.
 */
export async function nameById(
  response: Response,
  { lists }: Endpoint,
  { presentedToken }: Observed,
): Promise<Response> {
  if (lists === undefined || response.status >= 300) return response
  const body: unknown = await response.clone().json()
  const listed = Array.isArray(body) ? { sessions: body } : (body as { sessions: ListedSession[] })
  const sessions = listed.sessions.map((session: ListedSession) =>
    session.token === presentedToken ? session : { ...session, token: session.id },
  )
  return new Response(JSON.stringify(Array.isArray(body) ? sessions : { ...listed, sessions }), response)
}

type ListedSession = { id: string; token: string }

/** Whose session it is, better-auth looks at. */
export function findNamedSession({
  env,
  pool,
}: {
  env: Pick<Env, 'AUTH_DB_SCHEMA'>
  pool: Pool
}): MiddlewareHandler<AuthEnv> {
  const text = `SELECT "token" FROM ${tableName(env, 'session')} WHERE "id" = $1`

  async function tokenOf(id: string): Promise<string | undefined> {
    try {
      const { rows } = await read<{ token: string }>(pool, { text, values: [id] })
      return rows[0]?.token
    } catch (error) {
      // Where ids are uuids, a token is no value of that type.
      if (error instanceof Error && 'code' in error && String(error.code).startsWith('22')) return undefined
      throw error
    }
  }

  return async (c, next) => {
    const [body, { revokes }] = [c.get('body'), c.get('endpoint')]
    const named = revokes === undefined ? undefined : body?.[revokes]
    const token = typeof named === 'string' ? await tokenOf(named) : undefined
    if (revokes !== undefined && token !== undefined) c.set('body', { ...body, [revokes]: token })
    await next()
  }
}
