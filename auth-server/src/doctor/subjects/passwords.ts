import { tableName } from '../../database/names.ts'
import { readStored } from '../../passwords/forms.ts'
import { CURRENT_HASH } from '../../passwords/hash.ts'
import { type Examined, type Found, shell, sql, subject } from '../finding.ts'
import type { Query, Reader } from '../reader.ts'
import { counted, countRows, lookAt } from '../rows.ts'

export const PASSWORDS = subject({
  title: 'Passwords',
  good: 'every hash is ours, and can be verified',
  kinds: {
    'password-missing': {
      severity: 'warning',
      why: 'No password is ever right for this user; a reset by mail sets one.',
    },
    'password-unreadable': { severity: 'warning', why: 'No password is ever right for these users.' },
    'legacy-key-missing': { severity: 'error', why: 'No password of these users is right before the key is here.' },
    'legacy-key-unused': { severity: 'info', why: 'A key that nothing needs can only leak.' },
    'hashes-left': {
      severity: 'info',
      why: 'Each is replaced by argon2id when its owner signs in; until then it is as strong as its system made it.',
    },
  },
  checks: [
    { name: 'missing', of: 'database', run: missing },
    { name: 'legacy keys', of: 'database', run: legacyKeys },
    { name: 'formats', of: 'database', run: formats },
  ],
})

const credential = (alias = 't') => `${alias}."providerId" = 'credential'`

async function missing(reader: Reader, { env }: Examined): Promise<Found<'password-missing'>[]> {
  const table = tableName(env, 'account')
  const found = await reader.read((query) =>
    countRows(query, table, `${credential()} AND coalesce(t."password", '') = ''`),
  )
  if (found.rows === 0) return []
  return [
    {
      id: 'password-missing',
      what: `${counted(found, 'account')} with a password ${found.rows === 1 ? 'has' : 'have'} none stored.`,
      fix: [
        sql(`DELETE FROM ${table} WHERE "providerId" = 'credential' AND coalesce("password", '') = ''`, {
          note: 'the user stays; a reset makes the row again',
        }),
      ],
    },
  ]
}

const KEY_NUMBER = `substring(t."password" FROM '^old:(?:flask-security|devise|firebase):([1-9]):')`

async function legacyKeys(
  reader: Reader,
  { env }: Examined,
): Promise<Found<'legacy-key-missing' | 'legacy-key-unused'>[]> {
  const account = tableName(env, 'account')
  const look = (query: Query) =>
    lookAt(query, account, async ({ from, isSample: isPart }) => {
      const text = `
      SELECT ${KEY_NUMBER} AS "key", count(*)::int AS "rows" FROM ${from}
       WHERE ${credential()} AND t."password" LIKE 'old:%' AND ${KEY_NUMBER} IS NOT NULL GROUP BY 1 ORDER BY 1`
      return { rows: await query<{ key: string; rows: number }>(text), isSample: isPart }
    })
  const { rows, isSample } = await reader.read(look)
  const unused = isSample ? [] : [...env.legacyKeys.keys()].filter((key) => !rows.some((row) => row.key === key))
  return [
    ...rows
      .filter(({ key }) => !env.legacyKeys.has(key))
      .map(({ key, rows: count }) => ({
        id: 'legacy-key-missing' as const,
        what: `${count} passwords need LEGACY_KEY_${key}, which is not set.`,
        fix: [
          shell(`export LEGACY_KEY_${key}='the secret of the system that they come from'`, {
            note: 'docs/old-passwords.md says which',
          }),
        ],
      })),
    ...unused.map((key) => ({
      id: 'legacy-key-unused' as const,
      what: `No password needs LEGACY_KEY_${key}.`,
      fix: [shell(`unset LEGACY_KEY_${key}`, { note: 'unless an import is to come' })],
    })),
  ]
}

/** So many hashes are read, of those that are not ours. The rest of the row, and whom it belongs to, is not asked for. */
const READ = 20_000
/** So many ids go into one statement. */
const NAMED = 100
/** Who has not signed in for so long may never come. */
const OLD_DAYS = 365

/** By its beginning and its length: a pattern would take seconds for a million rows. */
const isOurs = (column: string) =>
  `starts_with(${column}, '${CURRENT_HASH.start}') AND length(${column}) = ${CURRENT_HASH.length}`

type Hash = { id: string; password: string; days: number }
type Format = { rows: number; oldest: number }

async function formats(reader: Reader, { env }: Examined): Promise<Found<'password-unreadable' | 'hashes-left'>[]> {
  const table = tableName(env, 'account')
  const read = (query: Query) =>
    lookAt(query, table, async ({ from }) => {
      const text = `
      SELECT t."id"::text AS "id", t."password", floor(date_part('epoch', now() - t."updatedAt") / 86400)::int AS "days" FROM ${from}
       WHERE ${credential()} AND NOT (${isOurs('t."password"')}) AND t."password" <> '' LIMIT ${READ}`
      return query<Hash>(text)
    })
  const rows = await reader.read(read)
  const [readable, unreadable] = [new Map<string, Format>(), new Map<string, string[]>()]
  for (const { id, password, days } of rows) {
    const stored = readStored(password, env.legacyKeys)
    if (stored === KEY_IS_MISSING) continue
    if (typeof stored === 'string')
      unreadable
        .set(stored, unreadable.get(stored) ?? [])
        .get(stored)
        ?.push(id)
    else readable.set(stored.format, counting(readable.get(stored.format), days))
  }
  const atLeast = rows.length === READ ? 'at least ' : ''
  return [
    ...[...unreadable].map(
      ([form, ids]): Found<'password-unreadable'> => ({
        id: 'password-unreadable',
        what: `${atLeast}${ids.length} stored ${ids.length === 1 ? 'password is' : 'passwords are'} ${form}, and cannot be verified.`,
        fix: [
          sql(
            `DELETE FROM ${table} WHERE "id"::text = ANY (ARRAY[${ids
              .slice(0, NAMED)
              .map((id) => `'${id.replaceAll("'", "''")}'`)
              .join(', ')}])`,
            {
              note: `the users stay, and reset their passwords by mail${ids.length > NAMED ? `; these are the first ${NAMED}, then look again` : ''}`,
            },
          ),
        ],
      }),
    ),
    ...left(readable, table, atLeast),
  ]
}

/** A finding of its own: legacy-key-missing. */
const KEY_IS_MISSING = 'an older form whose key is missing'

function counting(before: Format | undefined, days: number): Format {
  return { rows: (before?.rows ?? 0) + 1, oldest: Math.max(before?.oldest ?? 0, days) }
}

function left(found: ReadonlyMap<string, Format>, table: string, atLeast: string): Found<'hashes-left'>[] {
  if (found.size === 0) return []
  const parts = [...found]
    .sort(([, a], [, b]) => b.rows - a.rows)
    .map(([format, { rows, oldest }]) => `${rows} ${format} (oldest ${oldest} days)`)
  const isOld = `"providerId" = 'credential' AND NOT (${isOurs('"password"')})`
  return [
    {
      id: 'hashes-left',
      what: `Hashes of other forms are left: ${atLeast}${parts.join(', ')}.`,
      fix: [
        sql(`DELETE FROM ${table} WHERE ${isOld} AND "updatedAt" < now() - interval '${OLD_DAYS} days'`, {
          note: 'nothing has to be done. To be rid of those that nobody has used for a year (their owners reset by mail):',
        }),
      ],
    },
  ]
}
