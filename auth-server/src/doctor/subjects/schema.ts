import pg from 'pg'
import { authOptions } from '../../auth/better-auth.ts'
import { tableName } from '../../database/names.ts'
import { tableIn } from '../../database/naming/names.ts'
import type { Decision, Repair } from '../../database/schema/findings.ts'
import { type Found as FoundSchema, inspect } from '../../database/schema/inspect.ts'
import { makePlan } from '../../database/schema/plan.ts'
import { findSquatters } from '../../database/squatters.ts'
import type { Env } from '../../env.ts'
import { expectedMigrations, formerNames, neededSchema } from '../../migrations/expected.ts'
import { type Examined, type Found, shell, sql, subject } from '../finding.ts'
import type { Query, Reader } from '../reader.ts'

const MIGRATE = 'auth-server migrate'

export const SCHEMA = subject({
  title: 'Schema',
  isNamed: true,
  good: 'tables, columns, keys, indexes and triggers are as this version needs them',
  kinds: {
    'migrations-pending': { severity: 'error', why: 'The server is not ready before its migrations are recorded.' },
    'schema-broken': {
      severity: 'error',
      why: 'Requests fail, or services go on accepting sessions that have ended: the server is not ready.',
    },
    'schema-differs': { severity: 'warning', why: 'It works, and is slower or looser than this version expects.' },
    'schema-undecided': { severity: 'error', why: 'migrate changes nothing before an operator has decided this.' },
    'rows-to-repair': { severity: 'warning', why: 'The users of these rows cannot sign in.' },
    'schema-note': { severity: 'info', why: 'migrate leaves it as it is.' },
    'name-taken': {
      severity: 'error',
      why: 'What another role owns under a name of this server would be used as its own, whatever that role makes of it.',
    },
  },
  checks: [
    { name: 'migrations', of: 'database', run: pending },
    { name: 'comparison', of: 'database', run: compared },
    { name: 'owners', of: 'database', run: squatted },
  ],
})

/** Never connected: options are made of it, and nothing is asked. */
const optionsOf = (env: Env) => authOptions({ env, pool: new pg.Pool({ max: 1 }) })

async function pending(reader: Reader, { env }: Examined): Promise<Found<'migrations-pending'>[]> {
  const expected = expectedMigrations(optionsOf(env), env)
  const recorded = await reader.read((query) => recordedIn(query, env))
  const missing = expected.filter((name) => !recorded.includes(name))
  if (missing.length === 0) return []
  const what = `${missing.length} of ${expected.length} steps of this version are not recorded: ${missing.slice(0, 3).join(', ')}${missing.length > 3 ? ', …' : ''}.`
  return [{ id: 'migrations-pending', what, fix: [shell(MIGRATE)] }]
}

/** What migrations have recorded; nothing where there was none. */
async function recordedIn(query: Query, env: Env): Promise<string[]> {
  const table = tableIn(env.names, 'auth_migration')
  const there = await query('SELECT FROM pg_tables WHERE schemaname = $1 AND tablename = $2', [
    env.AUTH_DB_SCHEMA,
    table,
  ])
  if (there.length === 0) return []
  const rows = await query<{ name: string }>(`SELECT "name" FROM ${tableName(env, 'auth_migration')}`)
  return rows.map(({ name }) => name)
}

type SchemaFound = Found<'schema-broken' | 'schema-differs' | 'schema-undecided' | 'rows-to-repair' | 'schema-note'>

async function compared(reader: Reader, { env }: Examined): Promise<SchemaFound[]> {
  const plan = await reader.read(async (query) => {
    const former = formerNames(await recordedIn(query, env), env.names)
    const sought = { ...neededSchema(optionsOf(env), env), formerNames: former }
    const ask = async ({ text, values }: { text: string; values: unknown[] }) => ({
      rows: await query<{ found: FoundSchema }>(text, values),
    })
    const found = await inspect(ask, sought)
    return makePlan(asking(query), { ...sought, found, timeZones: [] })
  })
  return [
    ...plan.decisions.map(decision),
    ...inFew(plan.repairs, env).map(repair),
    ...plan.notes.map(({ what }): SchemaFound => ({ id: 'schema-note', what: sentence(what), fix: [] })),
  ]
}

/** Some questions fail where a type is wrong, and the transaction goes on. */
function asking(query: Query): Query {
  return async (text, values) => {
    await query('SAVEPOINT question')
    try {
      return await query(text, values)
    } catch (error) {
      await query('ROLLBACK TO SAVEPOINT question')
      throw error
    }
  }
}

/** Keys of a table that is missing come with it; and where no table is there, that is one finding. */
function inFew(repairs: readonly Repair[], env: Env): Repair[] {
  const missing = new Set(repairs.flatMap(({ phase, table }) => (phase === 'table' ? [table] : [])))
  const isNew = missing.size === neededSchema(optionsOf(env), env).needed.length
  const [first] = repairs.filter(({ phase }) => phase === 'table')
  if (isNew && first) return [{ ...first, what: `the schema ${env.AUTH_DB_SCHEMA} has none of this server's tables` }]
  const isSaid = ({ phase, table }: Repair) => (phase === 'key' || phase === 'foreign-key') && missing.has(table)
  return repairs.filter((one) => one.what !== '' && !isSaid(one))
}

function decision({ what, sql: statements, as }: Decision): SchemaFound {
  const fix = statements.map((text) => sql(text, as ? { as } : {}))
  return { id: 'schema-undecided', what: sentence(what), fix }
}

function repair({ what, phase, breaks }: Repair): SchemaFound {
  const fix = [shell(MIGRATE, { note: 'auth-server migrate --dry-run prints the SQL' })]
  if (phase === 'row') return { id: 'rows-to-repair', what: sentence(what), fix }
  return { id: breaks ? 'schema-broken' : 'schema-differs', what: sentence(what), fix }
}

const sentence = (text: string) => `${text.replace(/^[a-z]/, (letter) => letter.toUpperCase()).replace(/\.$/, '')}.`

async function squatted(reader: Reader, { env }: Examined): Promise<Found<'name-taken'>[]> {
  const squatters = await reader.read((query) => findSquatters(query, optionsOf(env), env))
  return squatters.map(({ what, name, owner, heir }) => ({
    id: 'name-taken',
    what: `The ${what} ${name} belongs to ${owner}.`,
    fix: [
      sql(`ALTER ${what.toUpperCase()} ${name} OWNER TO ${heir}`, {
        as: 'superuser',
        note: 'if it is yours; else drop or rename it',
      }),
    ],
  }))
}
