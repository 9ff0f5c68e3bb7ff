import type { ClientBase } from 'pg'

/** One table, or another relation, that a migration keeps from others. */
export type HeldLock = { relation: string; mode: string; blocks: string; what: string; milliseconds: number }

const BLOCKS: Record<string, string> = {
  AccessExclusiveLock: 'reads and writes wait',
  ExclusiveLock: 'writes wait',
  ShareRowExclusiveLock: 'writes wait',
  ShareLock: 'writes wait',
  ShareUpdateExclusiveLock: 'other changes of the table wait',
}

/**
 * Watches one transaction from inside: a short lock is seen as surely as a long one. Of tables that were there before:
 * nobody waits for a new one.
 */
export function createLockWatch(isThere: (relation: string) => boolean) {
  let taken = new Map<string, HeldLock & { since: number }>()

  return {
    /** After a statement of the transaction. `what`: what it was for. */
    look: async (client: ClientBase, what: string): Promise<void> => {
      const { rows } = await client.query<{ relation: string; mode: string }>(LOOK, [Object.keys(BLOCKS)])
      for (const { relation, mode } of rows) {
        const key = `${relation} ${mode}`
        if (isThere(relation) && !taken.has(key)) {
          taken.set(key, {
            relation,
            mode,
            what,
            blocks: BLOCKS[mode] ?? '',
            milliseconds: 0,
            since: performance.now(),
          })
        }
      }
    },
    /** The transaction begins again. */
    begin: () => {
      taken = new Map()
    },
    /** At its end, when all are released. */
    held: (): HeldLock[] =>
      [...taken.values()].map(({ since, ...lock }) => ({ ...lock, milliseconds: performance.now() - since })),
  }
}

const LOOK = `
  SELECT DISTINCT c.oid::pg_catalog.regclass::text AS "relation", l.mode AS "mode"
    FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND l.granted AND l.mode = ANY($1::pg_catalog.text[])
     AND c.relkind IN ('r', 'p', 'm') AND n.nspname !~ '^pg_'`
