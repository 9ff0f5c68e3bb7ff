import { afterEach, expect, test } from 'vitest'
import type { User } from '../api/answers.ts'
import { type Problem, RequestFailed } from '../api/problem.ts'
import { createSessionStore, NoCookie } from './store.ts'

const ada: User = { id: 'ada', email: 'ada@example.com', name: 'Ada' }
const bea: User = { id: 'bea', email: 'bea@example.com', name: 'Bea' }
const nobody: Problem = { kind: 'refused', status: 401, code: 'SESSION_REQUIRED', requestId: null }
const away: Problem = { kind: 'unavailable', requestId: 'request-0001' }

/** A store whose auth server answers what `answers` says next. */
function storeOf(...answers: (User | Problem)[]) {
  const channel = open(crypto.randomUUID())
  const store = createSessionStore({ fetchSession: async () => answered(answers.shift()), channel })
  return { store, otherTab: open(channel.name) }
}

function answered(answer: User | Problem | undefined): User {
  if (!answer) throw new Error('The store asked more often than expected')
  if ('kind' in answer) throw new RequestFailed(answer)
  return answer
}

const channels: BroadcastChannel[] = []

function open(name: string): BroadcastChannel {
  const channel = new BroadcastChannel(name)
  channels.push(channel)
  return channel
}

afterEach(() => {
  for (const channel of channels.splice(0)) channel.close()
})

test('a new visitor is nobody', async () => {
  const { store } = storeOf(nobody)
  expect(store.get()).toEqual({ kind: 'loading' })
  await store.check()
  expect(store.get()).toEqual({ kind: 'nobody' })
})

test('an auth server that is away makes "unavailable", never "nobody"', async () => {
  const { store } = storeOf(away)
  await store.check()
  expect(store.get()).toEqual({ kind: 'unavailable', problem: away })
})

test('a user stays the user while the auth server is away', async () => {
  const { store } = storeOf(ada, away)
  await store.check()
  await store.check()
  expect(store.get()).toEqual({ kind: 'user', user: ada })
})

test('the sign-in form stays while the auth server is away', async () => {
  const { store } = storeOf(nobody, away)
  await store.check()
  await store.check()
  expect(store.get()).toEqual({ kind: 'nobody' })
})

test('a sign-in that the browser kept no cookie of is told from one that nobody can say about', async () => {
  const { store } = storeOf(nobody, nobody, away)
  await store.check()
  await expect(store.begin()).rejects.toThrow(NoCookie)
  await expect(store.begin()).rejects.toThrow(RequestFailed)
  expect(store.get()).toEqual({ kind: 'nobody' })
})

test('a session that ends under a page keeps whose page it is', async () => {
  const { store } = storeOf(ada, nobody)
  await store.check()
  await store.check()
  expect(store.get()).toEqual({ kind: 'ended', user: ada })
})

test('a refusal by the backend ends the session of a user', async () => {
  const { store } = storeOf(ada)
  await store.check()
  store.end()
  expect(store.get()).toEqual({ kind: 'ended', user: ada })
})

test('a late refusal does not turn a signed-out page into an ended one', async () => {
  const { store } = storeOf(ada)
  await store.check()
  store.leave()
  store.end()
  expect(store.get()).toEqual({ kind: 'nobody' })
})

test('signing in again after the end gives whoever signed in', async () => {
  const { store } = storeOf(ada, bea)
  await store.check()
  store.end()
  await store.begin()
  expect(store.get()).toEqual({ kind: 'user', user: bea })
})

test('a check that was under way when somebody signed out does not bring them back', async () => {
  const { store } = storeOf(ada)
  const check = store.check()
  store.leave()
  await check
  expect(store.get()).toEqual({ kind: 'nobody' })
})

test('a sign-out in another tab signs out here', async () => {
  const { store, otherTab } = storeOf(ada)
  await store.check()
  otherTab.postMessage('signed-out')
  await expect.poll(() => store.get()).toEqual({ kind: 'nobody' })
})

test('a sign-in in another tab makes this one ask', async () => {
  const { store, otherTab } = storeOf(ada, bea)
  await store.check()
  otherTab.postMessage('signed-in')
  await expect.poll(() => store.get()).toEqual({ kind: 'user', user: bea })
})

test('a sign-out here is told to the other tabs', async () => {
  const { store, otherTab } = storeOf(ada)
  const heard: unknown[] = []
  otherTab.onmessage = ({ data }) => heard.push(data)
  await store.check()
  store.leave()
  await expect.poll(() => heard).toEqual(['signed-out'])
})

test('listeners hear of every change until they leave', async () => {
  const { store } = storeOf(ada, nobody)
  const seen: string[] = []
  const stop = store.subscribe(() => seen.push(store.get().kind))
  await store.check()
  await store.check()
  stop()
  store.leave()
  expect(seen).toEqual(['user', 'ended'])
})
