import { afterEach, expect, test } from 'vitest'
import { type Reason, RequestError } from '../api/request-error.ts'
import { createSessionStore, NoCookie, type SessionStore } from './store.ts'
import type { User } from './user.ts'

const ada: User = { id: 'ada', email: 'ada@example.com', name: 'Ada', emailVerified: false }
const bea: User = { id: 'bea', email: 'bea@example.com', name: 'Bea', emailVerified: false }
const nobody = null
const refusal: Reason = { kind: 'refused', status: 401, code: 'SESSION_REQUIRED', requestId: null }
const outage: Reason = { kind: 'unavailable', requestId: 'request-0001', retryAfterSeconds: null }

/** A store whose auth server responds with one of `responses` after the other. */
function storeOf(...responses: (User | Reason | null)[]) {
  const channel = open(crypto.randomUUID())
  const store = createSessionStore({ fetchUser: async () => userOf(responses.shift()), channel })
  return { store, otherTab: open(channel.name) }
}

function userOf(response: User | Reason | null | undefined): User | null {
  if (response === null) return null
  if (!response) throw new Error('The store made more requests than expected')
  if ('kind' in response) throw new RequestError(response)
  return response
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

test.each([nobody, refusal])('a new visitor is nobody: %j', async (response) => {
  const { store } = storeOf(response)
  expect(store.get()).toEqual({ kind: 'loading' })
  await store.check()
  expect(store.get()).toEqual({ kind: 'nobody', hasSignedOut: false })
})

test('an unavailable auth server means "unavailable", never "nobody"', async () => {
  const { store } = storeOf(outage)
  await store.check()
  expect(store.get()).toEqual({ kind: 'unavailable', reason: outage })
})

test('a user stays signed in while the auth server is unavailable', async () => {
  const { store } = storeOf(ada, outage)
  await store.check()
  await store.check()
  expect(store.get()).toEqual({ kind: 'user', user: ada })
})

test('the sign-in form stays while the auth server is unavailable', async () => {
  const { store } = storeOf(nobody, outage)
  await store.check()
  await store.check()
  expect(store.get()).toEqual({ kind: 'nobody', hasSignedOut: false })
})

test('a sign-in whose cookie the browser did not keep is told from one that could not be checked', async () => {
  const { store } = storeOf(nobody, nobody, outage)
  await store.check()
  await expect(store.begin()).rejects.toThrow(NoCookie)
  await expect(store.begin()).rejects.toThrow(RequestError)
  expect(store.get()).toEqual({ kind: 'nobody', hasSignedOut: false })
})

test('a session that ends while its page is open keeps its user', async () => {
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
  expect(store.get()).toEqual({ kind: 'nobody', hasSignedOut: true })
})

test('a refusal that comes before the response to a sign-out asks nobody to sign in again', async () => {
  const { store } = storeOf(ada, nobody)
  const seen: string[] = []
  await store.check()
  store.subscribe(() => seen.push(store.get().kind))
  await store.signOut(async () => {
    store.end()
    await store.check()
  })
  expect(seen).toEqual(['nobody'])
  expect(store.get()).toEqual({ kind: 'nobody', hasSignedOut: true })
})

test.each([
  ['signed in', () => {}, 'user'],
  ['asked to sign in again, if that is over', (store: SessionStore) => store.end(), 'ended'],
] as const)('a user whose sign-out fails is still %s', async (_, meanwhile, kind) => {
  const { store } = storeOf(ada)
  await store.check()
  const failed = store.signOut(async () => {
    meanwhile(store)
    throw new RequestError(outage)
  })
  await expect(failed).rejects.toThrow(RequestError)
  expect(store.get()).toEqual({ kind, user: ada })
})

test('after the end, a new sign-in sets its user', async () => {
  const { store } = storeOf(ada, bea)
  await store.check()
  store.end()
  await store.begin()
  expect(store.get()).toEqual({ kind: 'user', user: bea })
})

test('a check that overlaps with a sign-out does not sign the user in again', async () => {
  const { store } = storeOf(ada)
  const check = store.check()
  store.leave()
  await check
  expect(store.get()).toEqual({ kind: 'nobody', hasSignedOut: false })
})

test('a sign-out in another tab signs out here', async () => {
  const { store, otherTab } = storeOf(ada)
  await store.check()
  otherTab.postMessage('signed-out')
  await expect.poll(() => store.get()).toEqual({ kind: 'nobody', hasSignedOut: true })
})

test('a sign-in in another tab makes this one check', async () => {
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
  await store.signOut(async () => {})
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

test('that a user has signed out is known until the next sign-in, whatever else is heard', async () => {
  const { store, otherTab } = storeOf(ada, nobody, bea)
  await store.check()
  store.leave()
  otherTab.postMessage('signed-out')
  await store.check()
  expect(store.get()).toEqual({ kind: 'nobody', hasSignedOut: true })
  await store.check()
  expect(store.get()).toEqual({ kind: 'user', user: bea })
})

test('a user whose session has ended, and who makes room for another, has not signed out', async () => {
  const { store } = storeOf(ada, nobody)
  await store.check()
  await store.check()
  store.leave()
  expect(store.get()).toEqual({ kind: 'nobody', hasSignedOut: false })
})

test('checks at the same moment are one request, and the next one is another', async () => {
  const { store } = storeOf(ada, bea)
  await Promise.all([store.check(), store.check(), store.check()])
  expect(store.get()).toEqual({ kind: 'user', user: ada })
  await store.check()
  expect(store.get()).toEqual({ kind: 'user', user: bea })
})

test('a sign-in in another tab does not take the result of a check that began before it', async () => {
  const { store, otherTab } = storeOf(nobody, bea)
  const before = store.check()
  otherTab.postMessage('signed-in')
  await before
  await expect.poll(() => store.get()).toEqual({ kind: 'user', user: bea })
})
