import { expect, test } from 'vitest'
import { demoServices } from './demo.ts'
import { isDemoKey, newDemoKey } from './keys.ts'

test('a key that the demo provider made up is right, looks as the auth server expects, and no other is', () => {
  const key = newDemoKey()
  const changed = key.slice(0, -1) + (key.endsWith('0') ? '1' : '0')
  const pattern = demoServices('http://127.0.0.1:9025').find(({ kind }) => kind === 'api-key')

  expect(isDemoKey(key)).toBe(true)
  expect(key).toMatch(new RegExp(`^${pattern && 'pattern' in pattern ? pattern.pattern : 'none'}$`))
  for (const other of [changed, key.slice(0, -1), `${key}0`, '', 'demo_']) expect(isDemoKey(other)).toBe(false)
})
