import { setTimeout as wait } from 'node:timers/promises'
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import type { HttpEnv } from '../http/context.ts'
import { errorResponse } from '../http/error-response.ts'
import { admission, createQueue } from './admission.ts'

const never = new AbortController().signal

test('as many as allowed work at once, and the next comes when one leaves, in order', async () => {
  const queue = createQueue({ atOnce: 2, waiting: 10, waitMs: 1000 })
  const order: number[] = []
  let inside = 0
  let most = 0
  const work = async (number: number) => {
    const leave = await queue.enter(never)
    order.push(number)
    inside += 1
    most = Math.max(most, inside)
    await wait(5)
    inside -= 1
    leave()
  }
  await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(work))

  expect([most, order]).toEqual([2, [0, 1, 2, 3, 4, 5, 6, 7]])
})

test('who finds the line full is sent away at once', async () => {
  const queue = createQueue({ atOnce: 1, waiting: 1, waitMs: 1000 })
  const leave = await queue.enter(never)
  const second = queue.enter(never)
  await expect(queue.enter(never)).rejects.toMatchObject({ code: 'TOO_BUSY' })
  leave()
  await second
})

test('who waits too long is sent away, and the place goes to the next', async () => {
  const queue = createQueue({ atOnce: 1, waiting: 5, waitMs: 20 })
  const leave = await queue.enter(never)
  await expect(queue.enter(never)).rejects.toMatchObject({ code: 'TOO_BUSY' })
  expect(queue.waiting()).toBe(0)
  const next = queue.enter(never)
  leave()
  ;(await next)()
})

test('who hangs up leaves the line', async () => {
  const queue = createQueue({ atOnce: 1, waiting: 1, waitMs: 600_000 })
  const leave = await queue.enter(never)
  const caller = new AbortController()
  const waiting = queue.enter(caller.signal)
  caller.abort()

  await expect(waiting).rejects.toMatchObject({ code: 'TOO_BUSY' })
  const next = queue.enter(never)
  leave()
  ;(await next)()
})

test('who hung up before asking never gets in line', async () => {
  const queue = createQueue({ atOnce: 1, waiting: 5, waitMs: 1000 })
  const leave = await queue.enter(never)
  await expect(queue.enter(AbortSignal.abort())).rejects.toMatchObject({ code: 'TOO_BUSY' })
  leave()
})

test('leaving twice frees one place only', async () => {
  const queue = createQueue({ atOnce: 1, waiting: 5, waitMs: 20 })
  const leave = await queue.enter(never)
  leave()
  leave()
  await queue.enter(never)
  await expect(queue.enter(never)).rejects.toMatchObject({ code: 'TOO_BUSY' })
})

test('a refusal is held back, but no more of them at once than allowed, and nobody else waits', async () => {
  const { refuseWhenFull } = admission({ atOnce: 1, waiting: 0, waitMs: 1000 }, { milliseconds: 400, atOnce: 1 })
  const app = new Hono<HttpEnv>()
    .use(async (c, next) => {
      c.set('route', c.req.path)
      await next()
    })
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
