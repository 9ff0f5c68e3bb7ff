import { STALE } from '../../database/cleanup.ts'
import { tableName } from '../../database/names.ts'
import { MAIL_TABLE } from '../../mail/table.ts'
import { type Examined, type Found, sql, subject } from '../finding.ts'
import type { Reader } from '../reader.ts'
import { counted, countRows } from '../rows.ts'

export const UPKEEP = subject({
  title: 'Upkeep',
  good: 'times are in the past, and what is over gets deleted',
  kinds: {
    'time-in-future': {
      severity: 'warning',
      why: 'Lists are in the wrong order, and a session would count as fresh for too long.',
    },
    'cleanup-behind': {
      severity: 'warning',
      why: 'A running server deletes these every ten minutes: none runs, or it fails.',
    },
    'mail-waiting': { severity: 'warning', why: 'Their recipients wait for a link or a code.' },
  },
  checks: [
    { name: 'times', of: 'database', run: times },
    { name: 'cleanup', of: 'database', run: cleanup },
    { name: 'outbox', of: 'database', run: outbox },
  ],
})

/** Clocks of several servers are never quite the same. */
const SLACK = `interval '5 minutes'`
const TIMES: readonly { table: string; columns: readonly string[]; limit: string }[] = [
  { table: 'user', columns: ['createdAt', 'updatedAt'], limit: `now() + ${SLACK}` },
  { table: 'account', columns: ['createdAt', 'updatedAt'], limit: `now() + ${SLACK}` },
  { table: 'session', columns: ['createdAt', 'updatedAt'], limit: `now() + ${SLACK}` },
  // SESSION_DAYS is 365 at most.
  { table: 'session', columns: ['expiresAt'], limit: `now() + interval '366 days'` },
]

async function times(reader: Reader, { env }: Examined): Promise<Found<'time-in-future'>[]> {
  const found: Found<'time-in-future'>[] = []
  for (const { table, columns, limit } of TIMES) {
    const name = tableName(env, table)
    const isAhead = columns.map((column) => `t."${column}" > ${limit}`).join(' OR ')
    const rows = await reader.read((query) => countRows(query, name, isAhead))
    if (rows.rows === 0) continue
    const values = columns.map((column) => `"${column}" = least("${column}", now())`)
    const fix =
      columns[0] === 'expiresAt'
        ? `DELETE FROM ${name} t WHERE ${isAhead}`
        : `UPDATE ${name} t SET ${values.join(', ')} WHERE ${isAhead}`
    found.push({
      id: 'time-in-future',
      what: `${counted(rows, 'row')} of "${table}" ${rows.rows === 1 ? 'has' : 'have'} a time too far in the future (${columns.join(', ')}).`,
      fix: [sql(fix, columns[0] === 'expiresAt' ? { note: 'signs them out' } : {})],
    })
  }
  return found
}

/** A day later than the cleanup would have come. */
async function cleanup(reader: Reader, { env }: Examined): Promise<Found<'cleanup-behind'>[]> {
  const found: Found<'cleanup-behind'>[] = []
  for (const { table, isStale } of STALE) {
    const name = tableName(env, table)
    const rows = await reader.read((query) =>
      countRows(query, name, isStale(env.AUDIT_DAYS, `(now() - interval '1 day')`)),
    )
    if (rows.rows === 0) continue
    found.push({
      id: 'cleanup-behind',
      what: `${counted(rows, 'row')} of "${table}" ${rows.rows === 1 ? 'has' : 'have'} been over for more than a day.`,
      fix: [
        sql(`DELETE FROM ${name} WHERE ${isStale(env.AUDIT_DAYS)}`, {
          note: 'a server that runs does it by itself: its log says "cleaned up"',
        }),
      ],
    })
  }
  return found
}

async function outbox(reader: Reader, { env }: Examined): Promise<Found<'mail-waiting'>[]> {
  const table = tableName(env, MAIL_TABLE)
  const isOld = `"createdAt" < now() - interval '1 hour'`
  const rows = await reader.read((query) => countRows(query, table, `t.${isOld}`))
  if (rows.rows === 0) return []
  return [
    {
      id: 'mail-waiting',
      what: `${counted(rows, 'mail')} ${rows.rows === 1 ? 'has' : 'have'} been waiting for more than an hour.`,
      fix: [
        sql(`DELETE FROM ${table} WHERE ${isOld}`, {
          note: 'once SMTP_URL can be reached they are sent; to send none of them:',
        }),
      ],
    },
  ]
}
