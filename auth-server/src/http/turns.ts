import type { MiddlewareHandler } from 'hono'

/** In one turn of the event loop. Each may take a millisecond, and a session check needs three or four turns. */
const STARTS = 4

/**
 * Requests of the public port begin a few at a time, so that session checks on the private port get their turns between
 * them: both ports share one thread, and a crowd whose requests wait for nothing would otherwise be done in one turn.
 */
export function takeTurns(starts = STARTS): MiddlewareHandler {
  const line: (() => void)[] = []
  let left = starts
  let isNextTurnComing = false

  return async function takeTurn(_c, next) {
    expectNextTurn()
    if (left > 0) left -= 1
    else await new Promise<void>((resolve) => void line.push(resolve))
    await next()
  }

  function expectNextTurn(): void {
    if (isNextTurnComing) return
    isNextTurnComing = true
    setImmediate(() => {
      isNextTurnComing = false
      left = starts
      for (; left > 0 && line.length > 0; left -= 1) line.shift()?.()
      if (line.length > 0) expectNextTurn()
    })
  }
}
