import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { HashingQueue } from './queue.ts'

const never = new AbortController().signal

test('no more than the limit are inside, and the next enters when one leaves, in order', async () => {
  const queue = new HashingQueue({ atOnce: 2, waiting: 10, waitMs: 600_000 })
  const order: number[] = []
  let inside = 0
  let max = 0
  const work = async (number: number) => {
    const leave = await queue.enter(never)
    order.push(number)
    inside += 1
    max = Math.max(max, inside)
    await wait(5)
    inside -= 1
    leave()
  }
  await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(work))

  expect([max, order]).toEqual([2, [0, 1, 2, 3, 4, 5, 6, 7]])
})

test('a full queue refuses at once', async () => {
  const queue = new HashingQueue({ atOnce: 1, waiting: 1, waitMs: 1000 })
  const leave = await queue.enter(never)
  const second = queue.enter(never)
  await expect(queue.enter(never)).rejects.toMatchObject({ code: 'TOO_BUSY' })
  leave()
  await second
})

test('a request that waits too long is refused, and the place goes to the next', async () => {
  const queue = new HashingQueue({ atOnce: 1, waiting: 5, waitMs: 20 })
  const leave = await queue.enter(never)
  await expect(queue.enter(never)).rejects.toMatchObject({ code: 'TOO_BUSY' })
  expect(queue.waiting).toBe(0)
  const next = queue.enter(never)
  leave()
  ;(await next)()
})

test('a client that disconnects leaves the queue', async () => {
  const queue = new HashingQueue({ atOnce: 1, waiting: 1, waitMs: 600_000 })
  const leave = await queue.enter(never)
  const caller = new AbortController()
  const waiting = queue.enter(caller.signal)
  caller.abort()

  await expect(waiting).rejects.toMatchObject({ code: 'TOO_BUSY' })
  const next = queue.enter(never)
  leave()
  ;(await next)()
})

test('a client that has disconnected does not enter the queue', async () => {
  const queue = new HashingQueue({ atOnce: 1, waiting: 5, waitMs: 1000 })
  const leave = await queue.enter(never)
  await expect(queue.enter(AbortSignal.abort())).rejects.toMatchObject({ code: 'TOO_BUSY' })
  leave()
})

test('leaving twice frees one place only', async () => {
  const queue = new HashingQueue({ atOnce: 1, waiting: 5, waitMs: 20 })
  const leave = await queue.enter(never)
  leave()
  leave()
  await queue.enter(never)
  await expect(queue.enter(never)).rejects.toMatchObject({ code: 'TOO_BUSY' })
})
