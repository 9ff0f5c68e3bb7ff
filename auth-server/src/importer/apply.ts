import { availableParallelism } from 'node:os'
import type { ClientBase } from 'pg'
import { hashPassword } from '../passwords/hash.ts'
import {
  addCredentials,
  BATCH_ROWS,
  type BatchResult,
  linkAccounts,
  replacePasswords,
  writeUsers,
} from './apply-sql.ts'
import type { Names } from './names.ts'

export type Applied = { written: number; lost: number }

type Parts = {
  run: number
  source: string
  onProgress: (done: number) => void
}

/**
 * Writes what was planned, in transactions of 500 rows that also hold the rows of auth_import: after a kill, the next run
 * finds exactly what was done. New users first, then what is added to users who are there.
 */
export async function applyPlan(
  client: ClientBase,
  names: Names,
  { run, source, onProgress }: Parts,
): Promise<Applied> {
  const applied: Applied = { written: 0, lost: 0 }
  let done = 0
  for (const { outcomes, write } of STEPS) {
    for (let after = 0; ; ) {
      const batch = await nextBatch(client, outcomes, after)
      if (batch.last === 0) break
      const stored = await wrapDigests(client, batch.last, after, outcomes)
      const result = await inTransaction(client, () =>
        write({ client, names, after, last: batch.last, run, source, stored }),
      )
      applied.written += result.written
      applied.lost += result.lost
      after = batch.last
      done += batch.rows
      onProgress(done)
    }
  }
  return applied
}

type Step = { outcomes: readonly string[]; write: (batch: Batch) => Promise<BatchResult> }
export type Batch = {
  client: ClientBase
  names: Names
  after: number
  last: number
  run: number
  source: string
  /** Of rows whose digest was wrapped: their number, and what is stored. */
  stored: { rows: number[]; hashes: string[] }
}

const STEPS: Step[] = [
  { outcomes: ['import', 'import-no-password', 'import-banned', 'skip'], write: writeUsers },
  { outcomes: ['linked'], write: linkAccounts },
  {
    outcomes: ['updated'],
    write: async (batch) => {
      const replaced = await replacePasswords(batch)
      const added = await addCredentials(batch)
      return { written: replaced.written + added.written, lost: 0 }
    },
  },
]

/** The last row of the next 500. 0: there are none. */
async function nextBatch(client: ClientBase, outcomes: readonly string[], after: number) {
  const { rows } = await client.query<{ last: number | null; rows: number }>({
    name: 'import-next',
    text: `SELECT pg_catalog.max(n) AS "last", pg_catalog.count(*)::int AS "rows" FROM (
             SELECT n FROM pg_temp.import_user WHERE n > $1 AND outcome = ANY($2::text[]) ORDER BY n LIMIT ${BATCH_ROWS}) b`,
    values: [after, outcomes],
  })
  return { last: rows[0]?.last ?? 0, rows: rows[0]?.rows ?? 0 }
}

/** Before the transaction: 10 ms of a core for each. */
async function wrapDigests(client: ClientBase, last: number, after: number, outcomes: readonly string[]) {
  const { rows } = await client.query<{ n: number; password: string; envelope: string }>({
    name: 'import-digests',
    text: `SELECT n, password, envelope FROM pg_temp.import_user
            WHERE n > $1 AND n <= $2 AND outcome = ANY($3::text[]) AND envelope IS NOT NULL AND password IS NOT NULL`,
    values: [after, last, outcomes],
  })
  const hashes: string[] = new Array(rows.length)
  let next = 0
  const work = async () => {
    for (let index = next++; index < rows.length; index = next++) {
      const { password = '', envelope = '' } = rows[index] ?? {}
      hashes[index] = envelope + (await hashPassword(password))
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  return { rows: rows.map(({ n }) => n), hashes }
}

async function inTransaction<T>(client: ClientBase, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN')
  try {
    const result = await work()
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}
