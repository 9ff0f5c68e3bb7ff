import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { errorResponse } from '../http/error-response.ts'
import { HashingQueue, RefusalDelay } from '../passwords/queue.ts'
import { admission } from './admission.ts'
import type { AuthEnv } from './endpoint.ts'
import { knownEndpoint } from './endpoints.ts'

test('a refusal is delayed, but no more at once than the limit, and no other request waits', async () => {
  const queue = new HashingQueue({ atOnce: 1, waiting: 0, waitMs: 1000 })
  const { refuseWhenFull } = admission(queue, new RefusalDelay({ meanMs: 400, atOnce: 1 }))
  const app = new Hono<AuthEnv>()
    .use(knownEndpoint())
    .use(refuseWhenFull)
    .all('*', (c) => c.body(null, 204))
    .onError(errorResponse)
  const order: string[] = []
  const ask = async (path: string, name: string) => {
    const { status } = await app.request(path, { method: 'POST' })
    order.push(`${name} ${status}`)
  }

  const startedAt = performance.now()
  await Promise.all([
    ask('/api/auth/sign-in/email', 'first'),
    ask('/api/auth/sign-in/email', 'second'),
    ask('/api/auth/sign-out', 'other'),
  ])

  expect(order.slice(0, 2).toSorted()).toEqual(['other 204', 'second 503'])
  expect(order.slice(2)).toEqual(['first 503'])
  expect(performance.now() - startedAt).toBeGreaterThan(190)
})
