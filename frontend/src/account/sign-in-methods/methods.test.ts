import { expect, test } from 'vitest'
import { entriesOf } from './methods.ts'

const providers = [
  { id: 'google', name: 'Google' },
  { id: 'own', name: 'Own' },
]
const method = (providerId: string) => ({ id: `of ${providerId}`, providerId, createdAt: new Date(0) })
const shown = (...ids: string[]) =>
  entriesOf(ids.map(method), { providers }).map(({ providerId, method, isOffered, isOnlyWay }) =>
    [providerId, method ? 'has' : 'can add', ...(isOffered ? [] : ['gone']), ...(isOnlyWay ? ['only'] : [])].join(' '),
  )

test('the password comes first, and each provider is there once, connected or not', () => {
  expect(shown('own', 'credential')).toEqual(['credential has', 'google can add', 'own has'])
})

test('what is left alone to sign in with is the only way', () => {
  expect(shown('google')).toEqual(['google has only', 'own can add'])
  expect(shown('credential')).toEqual(['credential has only', 'google can add', 'own can add'])
})

test('an account of a provider that is not offered any more is no way in, and can be removed', () => {
  expect(shown('credential', 'gone')).toEqual(['credential has only', 'google can add', 'own can add', 'gone has gone'])
})
