import type { Context, MiddlewareHandler } from 'hono'
import { HttpError } from '../errors.ts'
import type { HttpEnv } from '../http/context.ts'

/** Every path that hashes a password: 20 ms of one core and 19 MiB each. */
const HASHING = new Set(
  [
    'sign-in/email',
    'sign-up/email',
    'change-password',
    'reset-password',
    'verify-password',
    'delete-user',
    'admin/create-user',
    'admin/set-user-password',
  ].map((path) => `/api/auth/${path}`),
)

type Limits = { atOnce: number; waiting: number; waitMs: number }
/** `milliseconds`: how long a refusal is held back, in the mean; `atOnce`: of how many at the same time. */
type Refusals = { milliseconds: number; atOnce: number }

type Middleware = MiddlewareHandler<HttpEnv>

/**
 * Bounds hashing before better-auth starts on it: inside, sign-up already holds a database connection while it
 * hashes, so a queue there would starve everybody else of connections.
 */
export function admission(limits: Limits, refusals: Refusals): { refuseWhenFull: Middleware; admit: Middleware } {
  const queue = createQueue(limits)
  const holdBack = createHoldBack(refusals)
  const hashes = (c: Context<HttpEnv>) => HASHING.has(c.get('route') ?? '')
  return {
    /** Goes before the body is read: turning away must cost next to nothing, or a flood of it is the overload. */
    refuseWhenFull: async (c, next) => {
      if (!hashes(c) || !queue.isFull()) return next()
      await holdBack()
      throw new HttpError('TOO_BUSY')
    },
    admit: async (c, next) => {
      if (!hashes(c)) return next()
      const leave = await queue.enter(c.req.raw.signal)
      try {
        await next()
      } finally {
        leave()
      }
    },
  }
}

/**
 * Who is refused and comes again at once, past Retry-After, would come thousands of times a second; the refusals alone
 * would keep session checks waiting.
 */
function createHoldBack({ milliseconds, atOnce }: Refusals): () => Promise<void> {
  let held = 0
  return async () => {
    if (held >= atOnce) return
    held += 1
    // Spread: who was refused together would come again together.
    await new Promise((resolve) => setTimeout(resolve, milliseconds * (0.5 + Math.random())))
    held -= 1
  }
}

export function createQueue({ atOnce, waiting, waitMs }: Limits) {
  const line = new Set<() => void>()
  let inside = 0

  /** Resolves with the function that gives the place back, or rejects with TOO_BUSY. */
  async function enter(signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) throw new HttpError('TOO_BUSY')
    if (inside < atOnce) {
      inside += 1
      return createLeave()
    }
    if (isFull()) throw new HttpError('TOO_BUSY')
    await waitInLine(signal)
    return createLeave()
  }

  function waitInLine(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leaveLine = (settle: () => void) => () => {
        line.delete(admit)
        clearTimeout(timer)
        signal.removeEventListener('abort', giveUp)
        settle()
      }
      const admit = leaveLine(resolve)
      const giveUp = leaveLine(() => reject(new HttpError('TOO_BUSY')))
      const timer = setTimeout(giveUp, waitMs)
      signal.addEventListener('abort', giveUp)
      line.add(admit)
    })
  }

  /** The place goes to who waits longest, or becomes free. */
  function createLeave(): () => void {
    let isInside = true
    return () => {
      if (!isInside) return
      isInside = false
      const [admitNext] = line
      if (admitNext) admitNext()
      else inside -= 1
    }
  }

  const isFull = () => line.size >= waiting

  return { enter, isFull, waiting: () => line.size }
}
