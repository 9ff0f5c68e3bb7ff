import type { Context } from 'hono'
import { HttpError } from '../errors.ts'
import type { HttpEnv } from '../http/context.ts'
import type { Feed } from './feed.ts'

/** WS /internal/feed: what services must forget, see docs/session-cache.md. 503 while it would not be complete. */
export function answerFeed(c: Context<HttpEnv>, feed: Feed): Response {
  const { upgrade } = c.env
  if (!upgrade || c.req.header('upgrade')?.toLowerCase() !== 'websocket') throw new HttpError('UPGRADE_REQUIRED')
  if (!feed.isOpen()) throw new HttpError('FEED_UNAVAILABLE')
  upgrade(feed.accept)
  return c.body(null) // not sent: the socket answers with 101
}
