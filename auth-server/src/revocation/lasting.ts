import type { Pool } from 'pg'
import { read } from '../database/unavailable.ts'
import { HttpError } from '../errors.ts'
import { createBarrier } from './barrier.ts'
import type { Feed } from './feed.ts'
import type { RecentEnds } from './recent-ends.ts'

type Parts = {
  feed: Pick<Feed, 'settled'>
  ends: Pick<RecentEnds, 'timeline'>
  renewPools: () => void
  /** Its connections tell `ends` to which primary they lead. */
  pool: Pool
}

/**
 * Resolves when what was ended before the call is accepted by nobody, and lasts. Where revocations stopped being heard
 * meanwhile, the primary may have died with what it had just committed, before anybody heard of it. So a new connection
 * shows that it still serves; otherwise nobody knows whether the session has ended: 503.
 */
export function createSettled({ feed, ends, renewPools, pool }: Parts): () => Promise<void> {
  /** Shared by all that came before it began. */
  const look = createBarrier(async () => {
    renewPools()
    await read(pool, { text: 'SELECT' })
  })

  return async function settled() {
    const { timeline } = ends
    if (await feed.settled()) return
    await look()
    // Without a connection nothing has been ended here.
    if (timeline !== undefined && ends.timeline !== timeline) throw new HttpError('DATABASE_UNAVAILABLE')
  }
}
