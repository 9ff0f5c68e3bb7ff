import type { ClientBase } from 'pg'
import type { Outcome, Reason } from './reasons.ts'

export type Summary = {
  outcomes: Partial<Record<Outcome, number>>
  /** Of passwords that are written, by format. */
  formats: { format: string; users: number }[]
  reasons: { reason: Reason; outcome: Outcome; users: number }[]
  /** Users of whom nobody says whether their address is verified. */
  unsaid: number
}

const WRITTEN = `outcome IN ('import', 'import-no-password', 'import-banned')`

/** Of the plan as it is now. */
export async function summarize(client: ClientBase): Promise<Summary> {
  const outcomes = await client.query<{ outcome: Outcome; users: number }>(
    'SELECT outcome, pg_catalog.count(*)::int AS "users" FROM pg_temp.import_user GROUP BY outcome',
  )
  const formats = await client.query<{ format: string; users: number }>(
    `SELECT format, pg_catalog.count(*)::int AS "users" FROM pg_temp.import_user
      WHERE password IS NOT NULL AND (${WRITTEN} OR outcome = 'updated') GROUP BY format ORDER BY 2 DESC, 1`,
  )
  const reasons = await client.query<{ reason: Reason; outcome: Outcome; users: number }>(
    `SELECT r.reason, t.outcome, pg_catalog.count(*)::int AS "users"
       FROM pg_temp.import_user t CROSS JOIN LATERAL pg_catalog.unnest(t.reasons) AS r (reason)
      GROUP BY r.reason, t.outcome ORDER BY 3 DESC, 1`,
  )
  const unsaid = await client.query<{ users: number }>(
    `SELECT pg_catalog.count(*)::int AS "users" FROM pg_temp.import_user WHERE ${WRITTEN} AND verified IS NULL`,
  )
  return {
    outcomes: Object.fromEntries(outcomes.rows.map(({ outcome, users }) => [outcome, users])),
    formats: formats.rows,
    reasons: reasons.rows,
    unsaid: unsaid.rows[0]?.users ?? 0,
  }
}
