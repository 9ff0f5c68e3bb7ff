import type { ClientBase, Pool } from 'pg'
import { Counter, type Registry } from 'prom-client'
import { tableName } from '../database/names.ts'
import { TIMELINE } from '../database/primary.ts'
import type { Env } from '../env.ts'
import type { Log } from '../log.ts'
import type { Revocation } from './protocol.ts'

/** Longer than a standby lags that anybody would promote. */
const KEPT_MS = 600_000
const MAX = 10_000
/** Announcements are looked at together: one short query in a second, however many come. */
const VERIFY_AFTER_MS = 1000

type Kind = 'banned' | 'deleted'
type Parts = { env: Pick<Env, 'AUTH_DB_SCHEMA'>; pool: () => Pool; log: Log; registry: Registry }

/**
 * What ended in the last minutes. A failover to a standby that had not received it brings it back, although it was
 * acknowledged: so before a primary with another timeline is used for anything, all of it ends there again. Nothing of
 * it is written down: who remembers are the servers that heard it.
 */
export class RecentEnds {
  readonly #parts: Parts
  readonly #repeated: Counter
  /** By id; when it was heard. The oldest first. */
  readonly #sessions = new Map<string, number>()
  readonly #users = new Map<string, { kind: Kind; at: number }>()
  /** Announced, and not looked at yet: a change is announced as an end is. */
  #newSessions = new Set<string>()
  #newUsers = new Map<string, number>()
  #timer: NodeJS.Timeout | undefined
  #verified: Promise<void> = Promise.resolve()
  #timeline: string | undefined
  #again: { timeline: string; done: Promise<void> } | undefined

  constructor(parts: Parts) {
    this.#parts = parts
    this.#repeated = new Counter({
      name: 'database_failover_sessions_ended_total',
      help: 'Sessions that had ended, were back after a failover, and were ended again.',
      registers: [parts.registry],
    })
  }

  /** Of the primary that connections lead to: another one after each failover. */
  get timeline(): string | undefined {
    return this.#timeline
  }

  hear(revocation: Revocation): void {
    const at = performance.now()
    if (revocation.type === 'flush') return
    if (revocation.type === 'session') {
      remember(this.#sessions, revocation.id, at)
      this.#newSessions.add(revocation.id)
    } else this.#newUsers.set(revocation.id, at)
    this.#timer ??= setTimeout(() => void this.verify(), VERIFY_AFTER_MS).unref()
  }

  /** Before a connection is used: rejects where it could not be done, so that nothing is served from there. */
  readonly onPrimary = async (client: ClientBase, timeline: string): Promise<void> => {
    this.#timeline ??= timeline
    if (timeline === this.#timeline) return
    if (this.#again?.timeline !== timeline) {
      const done = this.#endAgain(client, timeline).catch((error: unknown) => {
        throw new NotEndedAgain(error)
      })
      const again = { timeline, done }
      this.#again = again
      // The next connection tries again.
      again.done.catch(() => {
        if (this.#again === again) this.#again = undefined
      })
    }
    await this.#again.done
  }

  /** Resolves when all that was heard before the call has been looked at, by an earlier look too. */
  verify(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#verified = this.#verified.then(() => this.#verifyNew())
    return this.#verified
  }

  /** Forgets what only changed. What cannot be looked at stays: to sign in once more is better than an end undone. */
  async #verifyNew(): Promise<void> {
    const sessions = new Map([...this.#newSessions].map((id) => [id, this.#sessions.get(id)]))
    const users = this.#newUsers
    this.#newSessions = new Set()
    this.#newUsers = new Map()
    const found = await this.#look([...sessions.keys()], [...users.keys()]).catch(() => undefined)
    // From another timeline, what is there says nothing about what ended on this one.
    if (found?.timeline !== this.#timeline || found === undefined) return
    for (const id of found.sessions) if (this.#sessions.get(id) === sessions.get(id)) this.#sessions.delete(id)
    for (const [id, at] of users) {
      const isThere = found.users.includes(id)
      if (!isThere) remember(this.#users, id, { kind: 'deleted', at })
      else if (found.banned.includes(id)) remember(this.#users, id, { kind: 'banned', at })
      else this.#users.delete(id) // the ban was lifted
    }
  }

  async #look(sessions: string[], users: string[]): Promise<Found | undefined> {
    const { env, pool } = this.#parts
    const [session, user] = [tableName(env, 'session'), tableName(env, 'user')]
    const text = `
      SELECT ${TIMELINE} AS "timeline",
             ARRAY(SELECT "id"::text FROM ${session} WHERE "id" = ANY($1)) AS "sessions",
             ARRAY(SELECT "id"::text FROM ${user} WHERE "id" = ANY($2)) AS "users",
             ARRAY(SELECT "id"::text FROM ${user} WHERE "id" = ANY($2) AND ${IS_BANNED}) AS "banned"`
    return (await pool().query<Found>(text, [sessions, users])).rows[0]
  }

  async #endAgain(client: ClientBase, timeline: string): Promise<void> {
    forgetOld(this.#sessions, (at) => at)
    forgetOld(this.#users, ({ at }) => at)
    const session = tableName(this.#parts.env, 'session')
    const ended = await client.query<{ userId: string }>(
      `DELETE FROM ${session} WHERE "id" = ANY($1) RETURNING "userId"`,
      [[...this.#sessions.keys()]],
    )
    const userIds = new Set(ended.rows.map(({ userId }) => userId))
    let count = ended.rows.length
    const lost: Record<Kind, string[]> = { banned: [], deleted: [] }
    for (const [id, { kind, at }] of await this.#undone(client)) {
      lost[kind].push(id)
      const { rowCount } = await client.query(
        `DELETE FROM ${session} WHERE "userId" = $1 AND "createdAt" <= now() - $2::float8 * interval '1 millisecond'`,
        [id, performance.now() - at],
      )
      count += rowCount ?? 0
    }
    this.#report({ from: this.#timeline, timeline, count, userIds: [...userIds], lost })
    this.#timeline = timeline
  }

  /** Whose ban or deletion the new primary does not have. */
  async #undone(client: ClientBase) {
    if (this.#users.size === 0) return []
    const user = tableName(this.#parts.env, 'user')
    const { rows } = await client.query<{ id: string; isBanned: boolean }>(
      `SELECT "id"::text AS "id", coalesce(${IS_BANNED}, false) AS "isBanned" FROM ${user} WHERE "id" = ANY($1)`,
      [[...this.#users.keys()]],
    )
    const isBanned = new Map(rows.map((row) => [row.id, row.isBanned]))
    return [...this.#users].filter(([id, { kind }]) => isBanned.has(id) && !(kind === 'banned' && isBanned.get(id)))
  }

  #report({ from, timeline, count, userIds, lost }: Report): void {
    const { log } = this.#parts
    const detail = { from, timeline, sessions: count, userIds, bans: lost.banned, deletions: lost.deleted }
    if (count + lost.banned.length + lost.deleted.length === 0) {
      log.info(detail, 'another primary, and nothing of what was heard to end is back')
      return
    }
    this.#repeated.inc(count)
    log.error(
      detail,
      'the failover lost what was acknowledged: these sessions were ended again. Repeat the bans and deletions, and ask ' +
        'these users to change their password again if they have just done so',
    )
  }
}

/** "Don't know", as of a server that does not accept connections yet. */
class NotEndedAgain extends Error {
  readonly code = '57P03'

  constructor(cause: unknown) {
    super('what had ended before a failover could not be ended again', { cause })
    this.name = new.target.name
  }
}

type Found = { timeline: string; sessions: string[]; users: string[]; banned: string[] }
type Report = {
  from: string | undefined
  timeline: string
  count: number
  userIds: string[]
  lost: Record<Kind, string[]>
}

const IS_BANNED = `"banned" AND coalesce("banExpires" > now(), true)`

/** The latest last: the first is the one to forget. */
function remember<Value>(kept: Map<string, Value>, id: string, value: Value): void {
  kept.delete(id)
  kept.set(id, value)
  const [oldest] = kept.keys()
  if (kept.size > MAX && oldest !== undefined) kept.delete(oldest)
}

function forgetOld<Value>(kept: Map<string, Value>, atOf: (value: Value) => number): void {
  for (const [id, value] of kept) if (performance.now() - atOf(value) > KEPT_MS) kept.delete(id)
}
