import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { signUp } from '../../test/client.ts'
import { type ConnectedStack, codeOf, pasteKey, startConnectedStack } from '../../test/connected-stack.ts'
import { connectionTo } from '../../test/oauth-service.ts'

let setUp: ConnectedStack
beforeAll(async () => {
  setUp = await startConnectedStack()
})
afterEach(() => setUp.makeHonest())
afterAll(() => setUp.stop())

describe('by a pasted key', () => {
  test('that is right, a user connects it, and sees its end', async () => {
    const { service, keyId } = setUp
    const { client, userId } = await signUp(setUp.stack)
    const key = `key-${randomUUID()}`
    service.behaviour.keys.set(key, 'ada')
    expect((await pasteKey(client, keyId, `  ${key}\n`)).status).toBe(200)
    expect(await connectionTo(client, keyId)).toMatchObject({ account: 'ada', scopes: [], keyHint: key.slice(-4) })
    expect(await setUp.eventsOf(userId)).toEqual([['service-connected', { service: keyId }, '127.0.0.1']])
  })

  test('that is short, nothing of it is shown', async () => {
    const { client } = await signUp(setUp.stack)
    expect((await pasteKey(client, 'unchecked', '12345678')).status).toBe(200)
    expect(await connectionTo(client, 'unchecked')).toMatchObject({ keyHint: null })
  })

  test.each<[string, unknown]>([
    ['that the service refuses', 'key-unknown-0000'],
    ['that does not look like one', 'ghp_0000000000'],
    ['of nothing', ''],
    ['that is too short', 'key-1'],
    ['that is too long', `key-${'a'.repeat(5000)}`],
    ['with a line end', 'key-abcdef\r\nx: y'],
    ['that is no text', { $ne: 1 }],
    ['that is missing', undefined],
  ])('%s, nothing is kept', async (_what, key) => {
    const { client, userId } = await signUp(setUp.stack)
    expect(await codeOf(await pasteKey(client, setUp.keyId, key))).toEqual([400, 'INVALID_API_KEY'])
    expect(await setUp.rowsOf(userId)).toEqual([])
  })

  test.each([301, 404, 429, 500])(
    'where the service responds with %i, nobody knows and nothing is kept',
    async (status) => {
      const { service, keyId } = setUp
      const { client, userId } = await signUp(setUp.stack)
      service.behaviour.fails.set('key', { status, body: {} })
      const response = await pasteKey(client, keyId, 'key-abcdef')
      expect(response.headers.get('retry-after')).toBe('1')
      expect(await codeOf(response)).toEqual([503, 'SERVICE_UNAVAILABLE'])
      expect(await setUp.rowsOf(userId)).toEqual([])
    },
  )
})
