import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { TooBusy } from '../errors.ts'
import { createQueue } from './admission.ts'

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
  await expect(queue.enter(never)).rejects.toBeInstanceOf(TooBusy)
  leave()
  await second
})

test('who waits too long is sent away, and the place goes to the next', async () => {
  const queue = createQueue({ atOnce: 1, waiting: 5, waitMs: 20 })
  const leave = await queue.enter(never)
  await expect(queue.enter(never)).rejects.toBeInstanceOf(TooBusy)
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

  await expect(waiting).rejects.toBeInstanceOf(TooBusy)
  const next = queue.enter(never)
  leave()
  ;(await next)()
})

test('who hung up before asking never gets in line', async () => {
  const queue = createQueue({ atOnce: 1, waiting: 5, waitMs: 1000 })
  const leave = await queue.enter(never)
  await expect(queue.enter(AbortSignal.abort())).rejects.toBeInstanceOf(TooBusy)
  leave()
})

test('leaving twice frees one place only', async () => {
  const queue = createQueue({ atOnce: 1, waiting: 5, waitMs: 20 })
  const leave = await queue.enter(never)
  leave()
  leave()
  await queue.enter(never)
  await expect(queue.enter(never)).rejects.toBeInstanceOf(TooBusy)
})
