import { type Context, Hono } from 'hono'
import type { Pool } from 'pg'
import { z } from 'zod'
import { read } from '../database/unavailable.ts'
import type { Env } from '../env.ts'
import { HttpError } from '../errors.ts'
import type { HttpEnv } from '../http/context.ts'
import { deviceOf } from '../sessions/device.ts'
import type { Identify } from '../sessions/identify.ts'
import { getOnly, identityOf } from '../sessions/routes.ts'
import { readCursor, writeCursor } from './cursor.ts'
import { EVENT_TYPES } from './events.ts'
import { type AuditEvent, type Filter, selectEvents } from './queries.ts'

type Parts = { env: Pick<Env, 'AUTH_DB_SCHEMA'>; pool: Pool; identify: Identify }

const PAGE = 20
const PAGE_MAX = 100

/** The activity of an account: for its user, and of everybody for administrators. Both in pages, newest first. */
export function activityRoutes({ env, pool, identify }: Parts): Hono<HttpEnv> {
  const select = selectEvents(env)

  async function page<Event>(filter: Filter, limit: number, show: (event: AuditEvent) => Event) {
    const { rows } = await read<AuditEvent>(pool, select(filter, limit))
    const events = rows.slice(0, limit)
    const last = events.at(-1)
    const nextCursor =
      last && rows.length > limit ? writeCursor({ id: last.id, createdAt: last.createdAt.toISOString() }) : null
    return { events: events.map(show), nextCursor }
  }

  return new Hono<HttpEnv>()
    .get('/api/auth/activity', async (c) => {
      const { user, session } = await identityOf(c, identify)
      const { cursor, limit } = readQuery(c, OwnQuery)
      const before = cursor === undefined ? undefined : readCursor(cursor)
      return c.json(await page({ userId: user.id, before }, limit, (event) => ownView(event, session.id)))
    })
    .get('/api/auth/admin/activity', async (c) => {
      const { user } = await identityOf(c, identify)
      if (!isAdministrator(user.role)) throw new HttpError('FORBIDDEN')
      const { cursor, limit, ...filter } = readQuery(c, AdminQuery)
      const before = cursor === undefined ? undefined : readCursor(cursor)
      return c.json(await page({ ...filter, before }, limit, (event) => event))
    })
    .all('/api/auth/activity', getOnly)
    .all('/api/auth/admin/activity', getOnly)
}

const limit = z
  .string()
  .regex(/^\d{1,3}$/)
  .transform(Number)
  .pipe(z.number().min(1).max(PAGE_MAX))
  .default(PAGE)
const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text))
const OwnQuery = z.strictObject({ cursor: z.string().max(512).optional(), limit })
const AdminQuery = OwnQuery.extend({
  userId: z
    .string()
    .min(1)
    .max(255)
    .regex(/^[^\0]*$/)
    .optional(),
  type: z.enum(EVENT_TYPES).optional(),
  from: time.optional(),
  to: time.optional(),
})

/** Each parameter once: of several, nobody can tell which one is meant. */
function readQuery<Schema extends z.ZodType>(c: Context<HttpEnv>, schema: Schema): z.output<Schema> {
  const given = Object.entries(c.req.queries()).map(([name, values]) => [name, values.length > 1 ? values : values[0]])
  const { data, error } = schema.safeParse(Object.fromEntries(given))
  if (!error) return data
  const names = error.issues.map(({ path }) => String(path[0] ?? 'a parameter that is unknown'))
  throw new HttpError('VALIDATION_ERROR', { message: `Not valid in the query: ${[...new Set(names)].join(', ')}.` })
}

/** better-auth keeps several roles as one text, with commas. */
function isAdministrator(role: string | null): boolean {
  return (role ?? '').split(',').includes('admin')
}

/** What a user may know: an administrator's own address and device are theirs. */
function ownView(event: AuditEvent, currentSessionId: string) {
  const { id, type, createdAt, ipAddress, userAgent, sessionId, actorId } = event
  const isByAnother = actorId !== null
  const { userAgent: revokedAgent, ...details } = event.details ?? {}
  return {
    ...{ id, type, createdAt },
    byAdministrator: isByAnother,
    isThisSession: sessionId === currentSessionId,
    ...(isByAnother ? { ipAddress: null, ...deviceOf(null) } : { ipAddress, ...deviceOf(userAgent) }),
    details: {
      ...details,
      ...(typeof revokedAgent === 'string' && { device: deviceOf(revokedAgent) }),
    },
  }
}
