import { type Context, Hono } from 'hono'
import { type DatabaseClock, describeOffset, seconds, TOLERATED_MS } from './clock/database-clock.ts'
import { HttpError } from './errors.ts'
import type { HttpEnv } from './http/context.ts'
import type { Log } from './log.ts'
import type { Readiness } from './migrations/readiness.ts'
import type { Feed } from './revocation/feed.ts'

type Clock = Pick<DatabaseClock, 'offsetMs'>
type Parts = {
  readiness: () => Promise<Readiness>
  clock: Clock
  feed: Pick<Feed, 'isListening' | 'problems'>
  lifecycle: { isStopping: boolean }
  log: Log
}

/** Live: do not restart me. Ready: send me requests. An unavailable database is no reason for a restart. */
export function healthRoutes({ readiness, clock, feed, lifecycle, log }: Parts): Hono<HttpEnv> {
  return new Hono<HttpEnv>()
    .get('/health', (c) => respond(c, 'ok'))
    .get('/health/live', (c) => respond(c, 'live'))
    .get('/health/ready', async (c) => {
      if (lifecycle.isStopping) throw new HttpError('SHUTTING_DOWN')
      const found = await readiness()
      if (found.state === 'database-unavailable') throw new HttpError('DATABASE_UNAVAILABLE')
      if (found.state === 'migrations-pending') throw new HttpError('MIGRATIONS_PENDING')
      if (found.state === 'misconfigured') throw misconfigured(found.problems)
      if (found.state === 'schema-differs') {
        log.error(
          { problems: found.problems },
          'the tables differ from what this version needs: run the migrate command',
        )
        throw schemaDiffers(found.problems)
      }
      // No service has a lease from this server, and what it reads may be a former primary's.
      if (!feed.isListening()) throw new HttpError('FEED_UNAVAILABLE')
      const [message] = feed.problems()
      if (message) throw new HttpError('FEED_UNAVAILABLE', { message })
      return respond(c, 'ready', clockDetail(clock))
    })
}

function misconfigured(problems: readonly string[]): HttpError {
  const message = `The database is not set up as this server needs it: ${problems.join('; ')}.`
  return new HttpError('DATABASE_MISCONFIGURED', { message })
}

function schemaDiffers(problems: readonly string[]): HttpError {
  const more = problems.length > 3 ? `; and ${problems.length - 3} more` : ''
  const message = `The tables differ from what this version needs: ${problems.slice(0, 3).join('; ')}${more}. Run the migrate command.`
  return new HttpError('SCHEMA_DIFFERS', { message })
}

/** A detail, not an error: the database's clock is the one that counts. */
function clockDetail({ offsetMs }: Clock) {
  const offset = offsetMs() ?? 0
  if (Math.abs(offset) <= TOLERATED_MS) return {}
  return { clock: { offsetSeconds: seconds(offset), message: describeOffset(offset) } }
}

/** With a length of its own: a HEAD has no body to count, and load balancers that send it compare it with a GET. */
export function respond(c: Context, status: string, detail: Record<string, unknown> = {}): Response {
  const body = Buffer.from(JSON.stringify({ status, ...detail }))
  return c.body(body, 200, { 'content-type': 'application/json', 'content-length': String(body.length) })
}
