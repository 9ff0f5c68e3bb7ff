import { expect, test } from 'vitest'
import { entriesOf } from './methods.ts'

const providers = [
  { id: 'google', name: 'Google' },
  { id: 'own', name: 'Own' },
]
const method = (providerId: string) => ({ id: `of ${providerId}`, providerId, createdAt: new Date(0) })
const shown = (...ids: string[]) =>
  entriesOf(ids.map(method), { providers }).map(({ providerId, method, isOffered }) =>
    [providerId, method ? 'has' : 'can add', ...(isOffered ? [] : ['gone'])].join(' '),
  )

test('the password comes first, and each provider is there once, connected or not', () => {
  expect(shown('own', 'credential')).toEqual(['credential has', 'google can add', 'own has'])
})

test('an account of a provider that is not offered any more comes last', () => {
  expect(shown('credential', 'gone')).toEqual(['credential has', 'google can add', 'own can add', 'gone has gone'])
})
