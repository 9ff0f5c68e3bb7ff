import { expect, test } from 'vitest'
import identity from '../../../contract/identity.json' with { type: 'json' }
import { clientOf, reasonFrom, responding } from '../../test/service.ts'
import { fetchUser, readUser } from './user.ts'

const VALUES: Record<string, unknown> = { string: 'a text', boolean: true, time: '2026-01-31T12:00:00.000Z' }

test('what the pages read of an identity is in every one', () => {
  const user = Object.fromEntries(
    Object.entries(identity.user).map(([name, { type, nullable }]) => [name, nullable ? null : VALUES[type]]),
  )
  expect(readUser({ session: {}, user })).toEqual({
    ...{ id: 'a text', email: 'a text', name: 'a text' },
    emailVerified: true,
  })
})

test('of a session, only what the pages need of its user is kept', async () => {
  const user = { id: 'u1', email: 'ada@example.com', name: 'Ada', emailVerified: false }
  const body = { session: { id: 's1' }, user: { ...user, role: 'user', token: 'secret' } }
  const auth = await clientOf(responding(200, {}, JSON.stringify(body)))

  expect(await fetchUser(auth)).toEqual(user)
})

test('only an address that is said to be confirmed is', () => {
  const user = { id: 'u1', email: 'ada@example.com', name: 'Ada' }
  const states = [true, false, undefined, 'true', 1].map((emailVerified) =>
    readUser({ user: { ...user, emailVerified } }),
  )

  expect(states.map(({ emailVerified }) => emailVerified)).toEqual([true, false, false, false, false])
})

test('nobody is told from a user by both fields', async () => {
  expect(await fetchUser(await clientOf(responding(200, {}, '{"session":null,"user":null}')))).toBeNull()
})

const unexpected = [
  '<html>',
  '',
  'null',
  '[]',
  '{}',
  '{"user":{}}',
  '{"user":{"id":1}}',
  '{"user":null}',
  '{"session":null}',
]

test.each([...unexpected, '{"session":{"id":"s1"},"user":null}'])(
  'a 200 with %j is "unavailable", neither a user nor nobody',
  async (body) => {
    const auth = await clientOf(responding(200, {}, body))

    expect((await reasonFrom(fetchUser(auth))).kind).toBe('unavailable')
  },
)
