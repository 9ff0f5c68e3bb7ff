import type { MiddlewareHandler } from 'hono'
import { HttpError } from '../errors.ts'
import type { HashingQueue, RefusalDelay } from '../passwords/queue.ts'
import type { AuthEnv } from './endpoint.ts'

type Middleware = MiddlewareHandler<AuthEnv>

/** Bounds how many requests hash a password at once: 20 ms of one core and 19 MiB each. */
export function admission(queue: HashingQueue, delay: RefusalDelay): { refuseWhenFull: Middleware; admit: Middleware } {
  return {
    /** Goes before the body is read: a refusal must cost next to nothing, or a flood of them is the overload. */
    refuseWhenFull: async (c, next) => {
      if (c.get('endpoint').password === 'unused' || !queue.isFull) return next()
      await delay.wait()
      throw new HttpError('TOO_BUSY')
    },
    admit: async (c, next) => {
      if (c.get('endpoint').password === 'unused') return next()
      const leave = await queue.enter(c.req.raw.signal)
      c.set('leaveHashing', leave)
      try {
        await next()
      } finally {
        leave()
      }
    },
  }
}
