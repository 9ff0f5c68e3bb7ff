import { tableName } from '../../database/names.ts'
import { type Examined, type Found, shell, shellWord, sql } from '../finding.ts'
import type { Reader } from '../reader.ts'
import { counted, countRows } from '../rows.ts'

export async function imported(reader: Reader, { env }: Examined): Promise<Found<'imported-user-gone'>[]> {
  const ledger = tableName(env, 'auth_import')
  const isGone = `t."userId" IS NOT NULL AND NOT EXISTS (SELECT FROM ${tableName(env, 'user')} u WHERE u."id"::text = t."userId")`
  const found = await reader.read((query) => countRows(query, ledger, isGone))
  if (found.rows === 0) return []
  const what = `${counted(found, 'imported user')} ${found.rows === 1 ? 'is' : 'are'} gone: deleted by an administrator, or by themselves.`
  const fix = [
    sql(`DELETE FROM ${ledger} t WHERE ${isGone}`, {
      note: 'nothing has to be done; only where a run is to bring them again',
    }),
  ]
  return [{ id: 'imported-user-gone', what, fix }]
}

/** Where OLD_TOKENS_SOURCE is written otherwise than the import's source, or comes before the import. */
export async function oldTokenUsers(reader: Reader, { env, now }: Examined): Promise<Found<'old-tokens-nobody'>[]> {
  const { source, until } = env.oldTokens ?? {}
  if (source === undefined || (until?.getTime() ?? 0) <= now()) return []
  const ledger = tableName(env, 'auth_import')
  const text = `SELECT DISTINCT "source" FROM ${ledger} WHERE "userId" IS NOT NULL ORDER BY 1 LIMIT 10`
  const there = await reader.read(async (query) => {
    const found = await query(`SELECT FROM ${ledger} WHERE "source" = $1 AND "userId" IS NOT NULL LIMIT 1`, [source])
    return found.length > 0 ? undefined : query<{ source: string }>(text)
  })
  if (there === undefined) return []
  const names = there.map((row) => row.source)
  const what = `No user was imported from ${source}, the source that OLD_TOKENS_SOURCE names.`
  const fix =
    names[0] === undefined
      ? shell('auth-server import --help', { note: 'the import comes first' })
      : shell(`export OLD_TOKENS_SOURCE=${shellWord(names[0])}`, {
          note: `what was imported from: ${names.join(', ')}`,
        })
  return [{ id: 'old-tokens-nobody', what, fix: [fix] }]
}
