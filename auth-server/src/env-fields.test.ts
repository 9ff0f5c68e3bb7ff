import { expect, test } from 'vitest'
import { isThisMachine } from './env-fields.ts'

test.each(['localhost', '127.0.0.1', '[::1]', 'provider.localhost'])('%s is this machine', (hostname) => {
  expect(isThisMachine(hostname)).toBe(true)
})

test.each([
  'provider.localhost.evil.example',
  'evil-localhost',
  'evil.example',
  '127.0.0.10',
  '127.0.0.1.evil.example',
  '.localhost',
  '10.0.0.1',
])('%s is not', (hostname) => {
  expect(isThisMachine(hostname)).toBe(false)
})
