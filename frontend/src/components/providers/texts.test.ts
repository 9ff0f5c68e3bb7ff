import { expect, test } from 'vitest'
import { reasonOf } from './texts.ts'

test('a code is known in any case, with words of its own', () => {
  expect(reasonOf('DATABASE_UNAVAILABLE').en).toContain('The service is not responding')
  expect(reasonOf('account_not_linked').de).toContain('Es gibt schon ein Konto')
})

test.each(['', 'constructor', '__proto__', 'toString', '<b>'])('%j is a code that nobody knows', (code) => {
  expect(reasonOf(code).en).toContain('did not work')
})
