import { expect, test } from 'vitest'
import { signUp } from '../../test/client.ts'
import { startTestStack } from '../../test/harness.ts'
import { checked, IN_A_WEEK, makeToken, OLD_SECRET } from '../../test/old-tokens.ts'

test('old tokens are checked, exchanged and ended in tables and columns of other names', async () => {
  const names = { AUTH_TABLE_NAMES: 'plural', AUTH_COLUMN_NAMES: 'snake_case' }
  const stack = await startTestStack({ ...names, OLD_TOKENS_UNTIL: IN_A_WEEK, OLD_TOKENS_SECRET: OLD_SECRET })
  try {
    const { client, userId } = await signUp(stack)
    const [first, second] = [await makeToken({ sub: userId, jti: '1' }), await makeToken({ sub: userId, jti: '2' })]
    const exchange = (token: string) =>
      fetch(`${stack.url}/api/auth/exchange`, { method: 'POST', headers: { authorization: `Bearer ${token}` } })

    expect(await checked(stack, first)).toEqual([200, userId])
    expect((await exchange(first)).status).toBe(200)
    expect(await checked(stack, first)).toEqual([401, 'OLD_TOKEN_ENDED'])
    expect((await client.post('/api/auth/revoke-other-sessions')).status).toBe(200)
    expect(await checked(stack, second)).toEqual([401, 'OLD_TOKEN_ENDED'])
  } finally {
    await stack.stop()
  }
})
