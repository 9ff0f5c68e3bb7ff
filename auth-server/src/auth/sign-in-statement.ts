import type { QueryConfig } from 'pg'
import { AUDIT_TABLE } from '../audit/table.ts'
import { tableName } from '../database/names.ts'
import { TABLES } from '../database/naming/tables.ts'
import type { Env } from '../env.ts'
import { MAIL_TABLE } from '../mail/table.ts'
import { COMPUTED } from '../sessions/fields.ts'

type Row = Readonly<Record<string, unknown>>
/** What the sign-in was decided by: the row of the password, what it held, and the address of its user. */
type Decided = { accountId: string; hash: string; email: string }
/** `mail`: to the owner, where there is news. `guess`: the count that the right password gives back, where there is one. */
type Written = { session: Row; event: Row; mail: Row | undefined; guess: string | null }

const SESSION = ['id', ...TABLES.session]
const EVENT = ['id', ...TABLES[AUDIT_TABLE]]
const MAIL = ['id', ...TABLES[MAIL_TABLE]]

/**
 * All that a sign-in with a password writes, in one statement; it returns a row if it has. Nothing is written if the password has
 * been changed since it was verified, or is being changed, or the user banned, or a second factor turned on. The row of the password is
 * locked until the commit: who changes the password waits for it, and then finds the session among those to end.
 */
export function writeSignIn(env: Pick<Env, 'AUTH_DB_SCHEMA' | 'DATABASE_POOLER'>) {
  const [withoutMail, withMail] = [textOf(env, []), textOf(env, MAIL)]
  const isPrepared = env.DATABASE_POOLER !== 'transaction'

  return ({ accountId, hash, email }: Decided, { session, event, mail, guess }: Written): QueryConfig => ({
    ...(isPrepared && { name: mail ? 'sign-in-with-mail' : 'sign-in' }),
    text: mail ? withMail : withoutMail,
    values: [
      ...[accountId, hash, email, guess],
      ...SESSION.map((column) => session[column] ?? null),
      ...EVENT.map((column) => event[column] ?? null),
      ...(mail ? MAIL.map((column) => mail[column] ?? null) : []),
    ],
  })
}

function textOf(env: Pick<Env, 'AUTH_DB_SCHEMA'>, mail: readonly string[]): string {
  let parameter = 4
  const insert = (table: string, columns: readonly string[], from: string) => `
    INSERT INTO ${tableName(env, table)} (${columns.map((column) => `"${column}"`).join(', ')})
    SELECT ${columns.map(() => `$${++parameter}`).join(', ')} FROM ${from} RETURNING 1 AS "one"`
  const session = insert('session', SESSION, 'still')
  const event = insert(AUDIT_TABLE, EVENT, 'made')
  const mailed = mail.length > 0 ? `mailed AS (${insert(MAIL_TABLE, mail, 'made')}),` : ''
  return `
    WITH still AS (
      SELECT 1 AS "one" FROM ${tableName(env, 'account')} a JOIN ${tableName(env, 'user')} u ON u."id" = a."userId"
       WHERE a."id" = $1 AND a."password" = $2 AND u."email" = $3
         AND NOT ${COMPUTED.isBanned} AND NOT coalesce(u."twoFactorEnabled", false)
         FOR SHARE OF a SKIP LOCKED),
    made AS (${session}),
    recorded AS (${event}), ${mailed}
    given AS (
      UPDATE ${tableName(env, 'rateLimit')} SET "count" = "count" - 1
       WHERE "key" = $4 AND "count" > 0 AND EXISTS (SELECT 1 FROM made))
    SELECT 1 AS "one" FROM made`
}
