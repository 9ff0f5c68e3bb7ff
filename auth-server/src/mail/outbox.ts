import type { Pool } from 'pg'
import { tableName } from '../database/names.ts'
import type { Env } from '../env.ts'
import { isMailKind, type MailKind } from './kinds.ts'
import { isLanguage, type Language } from './language.ts'
import { MAIL_TABLE } from './table.ts'

export type Mail = {
  id: string
  kind: MailKind
  recipient: string
  userId: string | null
  language: Language
  data: Readonly<Record<string, string>>
  /** This one included. */
  attempts: number
  linkSalt: string | null
  isLinkOver: boolean
  createdAt: Date
}

type Row = Omit<Mail, 'kind' | 'language' | 'data' | 'isLinkOver'> & {
  kind: string
  language: string
  data: string | null
  linkedSecondsAgo: number | null
}

/** How long a process may take for one attempt. Then another one may try. */
const LEASE = "interval '5 minutes'"

export type Outbox = ReturnType<typeof createOutbox>

/** The table as those see it who deliver. Times are the database's. */
export function createOutbox(pool: Pool, env: Pick<Env, 'AUTH_DB_SCHEMA'>, secondsOf: (kind: MailKind) => number) {
  const table = tableName(env, MAIL_TABLE)
  // The row is chosen once; whoever looks at the same time takes another.
  const claim = `
    UPDATE ${table} SET "attempts" = "attempts" + 1, "nextAttemptAt" = now() + ${LEASE}
     WHERE "id" = (SELECT "id" FROM ${table} WHERE "nextAttemptAt" <= now()
                    ORDER BY "nextAttemptAt" LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING "id", "kind", "recipient", "userId", "language", "data", "attempts", "linkSalt", "createdAt",
              date_part('epoch', now() - "linkedAt") AS "linkedSecondsAgo"`
  const look = `
    SELECT count(*)::int AS "waiting", date_part('epoch', min("nextAttemptAt") - now()) AS "dueInSeconds",
           date_part('epoch', now() - min("createdAt")) AS "oldestSeconds" FROM ${table}`
  const ofSameUser = `own."id" = $1 AND other."kind" = own."kind" AND other."userId" = own."userId"`
  const hasNewer = `
    SELECT FROM ${table} other, ${table} own
     WHERE ${ofSameUser} AND (other."createdAt", other."id") > (own."createdAt", own."id") LIMIT 1`
  const removeOlder = `
    DELETE FROM ${table} other USING ${table} own
     WHERE ${ofSameUser} AND (other."createdAt", other."id") < (own."createdAt", own."id")`
  const defer = `UPDATE ${table} SET "nextAttemptAt" = now() + make_interval(secs => $2)`

  return {
    /** The next one that is due, for this process alone; undefined if none is. One that this version does not know stays. */
    async claim(): Promise<Mail | undefined> {
      const { rows } = await pool.query<Row>(claim)
      const [row] = rows
      return row && isMailKind(row.kind) ? toMail(row, row.kind) : undefined
    },

    async remove(id: string): Promise<void> {
      await pool.query(`DELETE FROM ${table} WHERE "id" = $1`, [id])
    },

    /** Of those of its kind for the same user, only the last one waits. Whether this is it. */
    async isLast(id: string): Promise<boolean> {
      if (((await pool.query(hasNewer, [id])).rowCount ?? 0) > 0) return false
      await pool.query(removeOlder, [id])
      return true
    },

    /** `unsent`: its link was seen by nobody, and the next attempt makes a new one. `unknown`: it keeps its link. */
    async defer(id: string, seconds: number, state: 'unsent' | 'unknown'): Promise<void> {
      const forgetLink = state === 'unsent' ? ', "linkSalt" = NULL, "linkedAt" = NULL' : ''
      await pool.query(`${defer}${forgetLink} WHERE "id" = $1`, [id, seconds])
    },

    /** How many there are, when the next one is due, and how long the oldest has been there; null if there is none. */
    async look(): Promise<{ waiting: number; dueInSeconds: number | null; oldestSeconds: number | null }> {
      const { rows } = await pool.query<Awaited<ReturnType<Outbox['look']>>>(look)
      return rows[0] ?? { waiting: 0, dueInSeconds: null, oldestSeconds: null }
    },
  }

  function toMail({ linkedSecondsAgo, data, language, ...row }: Row, kind: MailKind): Mail {
    return {
      ...row,
      kind,
      language: isLanguage(language) ? language : 'en',
      data: data === null ? {} : (JSON.parse(data) as Record<string, string>),
      isLinkOver: linkedSecondsAgo !== null && linkedSecondsAgo >= secondsOf(kind),
    }
  }
}
