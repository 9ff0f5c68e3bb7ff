import { afterAll, beforeAll, expect, test } from 'vitest'
import { readContract } from '../../test/contract.ts'
import { startTestStack } from '../../test/harness.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>

beforeAll(async () => {
  stack = await startTestStack()
})
afterAll(() => stack.stop())

const { features } = readContract<{ features: Record<string, string> }>('features')
const typeOf = (value: unknown) => (Array.isArray(value) ? 'list' : typeof value)

test('the features have the names and the types of the contract', async () => {
  const response = await fetch(`${stack.url}/api/auth/features`)
  const sent = (await response.json()) as Record<string, unknown>
  expect(response.status).toBe(200)
  expect(Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, typeOf(value)]))).toEqual(features)
})

test('the features can only be read', async () => {
  const response = await fetch(`${stack.url}/api/auth/features`, { method: 'POST' })
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
})
