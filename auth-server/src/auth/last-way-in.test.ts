import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, createClient } from '../../test/client.ts'
import { addPasskey } from '../../test/passkey-device.ts'
import { signInAt } from '../../test/provider.ts'
import { somebody, startProviderStack } from '../../test/provider-stack.ts'

let parts: Awaited<ReturnType<typeof startProviderStack>>
beforeAll(async () => {
  parts = await startProviderStack()
})
afterAll(() => parts.stop())

const removePasskey = (client: Client, id: string) => client.post('/api/auth/passkey/delete-passkey', { body: { id } })
const waysOf = (email: string) =>
  parts.stack.sql(
    `SELECT 1 FROM "user" u JOIN account a ON a."userId" = u.id WHERE u.email = $1
     UNION ALL SELECT 1 FROM "user" u JOIN passkey p ON p."userId" = u.id WHERE u.email = $1`,
    [email],
  )

/** A user without a password: with one provider, and one passkey. */
async function withTwoWays() {
  const client = createClient(parts.stack)
  const person = somebody()
  await signInAt(client, parts.provider, person)
  const { id: passkey } = await addPasskey(client)
  const accounts = (await (await client.get('/api/auth/list-accounts')).json()) as { id: string }[]
  return { client, email: person.email, passkey, account: accounts[0]?.id ?? '' }
}

test('of a passkey and a provider that are removed at the same time one stays, again and again', async () => {
  for (let time = 0; time < 12; time++) {
    const { client, email, passkey, account } = await withTwoWays()
    const unlink = () => client.post('/api/auth/unlink-account', { body: { accountId: account } })
    const removals = [() => removePasskey(client, passkey), unlink]
    const order = time % 2 === 0 ? removals : removals.toReversed()
    const responses = await Promise.all(order.map((remove) => remove()))
    expect(responses.map(({ status }) => status).toSorted()).toEqual([200, 400])
    expect(await waysOf(email)).toHaveLength(1)
  }
})

test('of two passkeys that are removed at the same time one stays, again and again', async () => {
  for (let time = 0; time < 8; time++) {
    const { client, email, passkey, account } = await withTwoWays()
    const { id: other } = await addPasskey(client)
    await parts.stack.sql('DELETE FROM account WHERE id = $1', [account])
    const statuses = await Promise.all([passkey, other].map(async (id) => (await removePasskey(client, id)).status))
    expect(statuses.toSorted()).toEqual([200, 400])
    expect(await waysOf(email)).toHaveLength(1)
  }
})

test('one passkey that is removed twice at the same time is removed once', async () => {
  const { client, email, passkey } = await withTwoWays()
  const statuses = await Promise.all([1, 2, 3].map(async () => (await removePasskey(client, passkey)).status))
  expect(statuses.filter((status) => status === 200)).toHaveLength(1)
  expect(statuses.filter((status) => status === 404)).toHaveLength(2)
  const events = await parts.stack.sql(
    `SELECT FROM audit_event a JOIN "user" u ON u.id = a."userId" WHERE a.type = 'passkey-removed' AND u.email = $1`,
    [email],
  )
  expect(events).toHaveLength(1)
})
