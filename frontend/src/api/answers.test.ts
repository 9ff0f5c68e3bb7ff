import { expect, test } from 'vitest'
import identity from '../../../contract/identity.json' with { type: 'json' }
import { readSessionUser } from './answers.ts'

const VALUES: Record<string, unknown> = { string: 'a text', boolean: true, time: '2026-01-31T12:00:00.000Z' }

test('what the pages read of an identity is a text in every one', () => {
  const user = Object.fromEntries(
    Object.entries(identity.user).map(([name, { type, nullable }]) => [name, nullable ? null : VALUES[type]]),
  )
  expect(readSessionUser({ session: {}, user })).toEqual({ id: 'a text', email: 'a text', name: 'a text' })
})
