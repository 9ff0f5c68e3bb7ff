import type { ClientBase } from 'pg'
import type { Env } from '../env.ts'
import { KeyRing, Undecryptable } from './encryption.ts'
import { connectionQueries, type OutdatedRow } from './queries.ts'

const BATCH = 200

/** `unreadable`: rows that no key of the settings decrypts. They stay as they are. */
export type Rotated = { rotated: number; unreadable: number }

/**
 * Encrypts with the first key what another one has encrypted: each row in a statement of its own, so it may run while servers do,
 * stop at any time, and run again. What a server writes meanwhile is left alone.
 */
export async function rotateKeys(
  env: Pick<Env, 'AUTH_DB_SCHEMA' | 'encryptionKeys'>,
  client: ClientBase,
): Promise<Rotated> {
  const [keys, queries] = [new KeyRing(env.encryptionKeys), connectionQueries(env)]
  const unreadable = new Set<string>()
  let rotated = 0
  for (;;) {
    const { rows } = await client.query<OutdatedRow>(queries.outdated([...unreadable], keys.currentPrefix, BATCH))
    if (rows.length === 0) return { rotated, unreadable: unreadable.size }
    for (const row of rows) {
      const again = reencrypted(keys, row)
      if (!again) unreadable.add(row.id)
      else rotated += (await client.query(queries.reencrypt(row, again.accessToken, again.refreshToken))).rowCount ?? 0
    }
  }
}

function reencrypted(keys: KeyRing, row: OutdatedRow) {
  const again = (value: string, column: 'accessToken' | 'refreshToken') =>
    keys.encrypt(keys.decrypt(value, { ...row, column }), { ...row, column })
  try {
    return {
      accessToken: again(row.accessToken, 'accessToken'),
      refreshToken: row.refreshToken === null ? null : again(row.refreshToken, 'refreshToken'),
    }
  } catch (error) {
    if (error instanceof Undecryptable) return undefined
    throw error
  }
}
