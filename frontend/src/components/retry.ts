import { useEffect } from 'react'
import type { Reason } from '../api/request-error.ts'

const FIRST_MS = 1_000
const MAX_MS = 30_000

/** `null`: a bug, which another try would only meet again. */
export interface Failed {
  reason: Reason | null
  /** How often in a row, at least once. */
  failures: number
}

/**
 * How long to wait before the next try; null if it would bring the same. The wait doubles with each failure, and is never shorter
 * than what the service asks for. Half of it is random, so that pages that failed together do not return together.
 */
export function retryWaitMs({ reason, failures }: Failed, random: () => number = Math.random): number | null {
  if (!reason || reason.kind === 'refused') return null
  const half = Math.min(FIRST_MS * 2 ** (failures - 1), MAX_MS) / 2
  const asked = reason.kind === 'offline' ? 0 : (reason.retryAfterSeconds ?? 0) * 1000
  return Math.max(half, asked) + half * random()
}

/**
 * Tries again after a wait, and as soon as the browser is online again.
 *
 * @param failed the same object until the next failure; null while there is nothing to try, or a try is running
 */
export function useAutomaticRetry(failed: Failed | null, retry: () => void): void {
  useEffect(() => {
    const waitMs = failed && retryWaitMs(failed)
    if (!failed || waitMs === null) return
    const timer = setTimeout(retry, waitMs)
    if (failed.reason?.kind === 'offline') window.addEventListener('online', retry)
    return () => {
      clearTimeout(timer)
      window.removeEventListener('online', retry)
    }
  }, [failed, retry])
}
