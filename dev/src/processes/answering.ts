import { setTimeout as sleep } from 'node:timers/promises'

/** True if the address answers 2xx. Connections are not kept: a service that stops must not wait for this one. */
export async function isAnswering(url: string, timeoutMs = 2000): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), headers: { connection: 'close' } })
    await answer.body?.cancel()
    return answer.ok
  } catch {
    return false
  }
}

export type Waiting = { url: string; deadlineMs: number; isAlive(): boolean; signal: AbortSignal }

/** Polls until the address answers. Gives up early when the process behind it has ended. */
export async function waitUntilAnswering(waiting: Waiting): Promise<'answering' | 'ended' | 'too late'> {
  for (const deadline = Date.now() + waiting.deadlineMs; Date.now() < deadline; await sleep(50)) {
    waiting.signal.throwIfAborted()
    if (await isAnswering(waiting.url)) return 'answering'
    if (!waiting.isAlive()) return 'ended'
  }
  return 'too late'
}
