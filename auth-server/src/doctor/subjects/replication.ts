import { MAY_LOSE } from '../../database/replication.ts'
import { type Examined, type Found, shell, sql, subject } from '../finding.ts'
import { createReader, type Reader } from '../reader.ts'

export const REPLICATION = subject({
  title: 'Replication',
  good: 'the addresses lead to the primary, and a failover loses nothing',
  kinds: {
    'database-standby': {
      severity: 'error',
      why: 'A standby takes no sign-in, and what it says of a session is too old.',
    },
    'replication-asynchronous': {
      severity: 'warning',
      why: 'A failover may undo sign-outs, bans and password changes that were acknowledged.',
    },
    'slot-inactive': { severity: 'warning', why: 'PostgreSQL keeps its log for it until the disk is full.' },
  },
  checks: [
    { name: 'primary', of: 'database', run: primary },
    { name: 'standbys', of: 'database', run: standbys },
    { name: 'slots', of: 'database', run: slots },
  ],
})

const IS_STANDBY = `SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on' AS "isStandby"`

async function primary(reader: Reader, { env }: Examined): Promise<Found<'database-standby'>[]> {
  const other = createReader(env, 'DATABASE_URL', env.DATABASE_URL)
  const readers = {
    DATABASE_URL_DIRECT: reader,
    ...(env.DATABASE_URL !== env.DATABASE_URL_DIRECT && { DATABASE_URL: other }),
  }
  try {
    const found: Found<'database-standby'>[] = []
    for (const [name, one] of Object.entries(readers)) {
      const [row] = await one
        .read((query) => query<{ isStandby: boolean }>(IS_STANDBY))
        .catch(unlessOther(one !== reader))
      const variable = Object.keys(readers).length === 1 ? 'DATABASE_URL' : name
      if (row?.isStandby !== true) continue
      const fix = [
        shell(`export ${variable}='postgres://ROLE:PASSWORD@PRIMARY:5432/DATABASE'`, {
          note: 'the primary, or an address that always leads to it',
        }),
      ]
      found.push({
        id: 'database-standby',
        what: `${variable} leads to a standby, or to a server that is read-only.`,
        fix,
      })
    }
    return found
  } finally {
    await other.end()
  }
}

/** What is wrong with DATABASE_URL alone, or a pooler that refuses our settings, is a finding of the subject "Pooler". */
const unlessOther =
  (isOther: boolean) =>
  (error: unknown): never[] => {
    if (isOther || (error instanceof Error && 'code' in error && error.code === '08P01')) return []
    throw error
  }

async function standbys(reader: Reader): Promise<Found<'replication-asynchronous'>[]> {
  const [row] = await reader.read((query) => query<{ mayLose: boolean }>(MAY_LOSE))
  if (row?.mayLose !== true) return []
  return [
    {
      id: 'replication-asynchronous',
      what: 'A standby follows asynchronously: synchronous_standby_names is empty, or synchronous_commit is off.',
      fix: [
        sql(`ALTER SYSTEM SET synchronous_standby_names = '*'`, {
          as: 'superuser',
          note: 'with one standby, writes wait while it is away: better are two',
        }),
        sql(`ALTER SYSTEM RESET synchronous_commit`, { as: 'superuser' }),
        sql('SELECT pg_reload_conf()', { as: 'superuser' }),
      ],
    },
  ]
}

type Slot = { name: string; literal: string; kept: string | null }

async function slots(reader: Reader): Promise<Found<'slot-inactive'>[]> {
  const text = `
    SELECT slot_name::text AS "name", quote_literal(slot_name) AS "literal",
           CASE WHEN NOT pg_is_in_recovery() THEN pg_size_pretty(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)) END AS "kept"
      FROM pg_replication_slots WHERE NOT active AND NOT temporary LIMIT 10`
  const rows = await reader.read((query) => query<Slot>(text))
  return rows.map(({ name, literal, kept }) => ({
    id: 'slot-inactive',
    what: `Nobody uses the replication slot ${name}, for which ${kept ?? 'some'} of the log is kept.`,
    fix: [
      sql(`SELECT pg_drop_replication_slot(${literal})`, {
        as: 'superuser',
        note: 'its standby has to be made again then',
      }),
    ],
  }))
}
