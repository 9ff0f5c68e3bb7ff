import { afterAll, beforeAll, expect, test } from 'vitest'
import { signUp } from '../../test/client.ts'
import { readContract } from '../../test/contract.ts'
import { startTestStack } from '../../test/harness.ts'

type Field = { type: 'string' | 'boolean' | 'time'; nullable: boolean }
type Part = 'session' | 'user'
const { session, user } = readContract<Record<Part, Record<string, Field>>>('identity')
const FIELDS = { session, user }

const EXAMPLES = {
  string: expect.any(String),
  boolean: expect.any(Boolean),
  time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
}
/** Of no column: computed from the others. */
const COMPUTED = 'refreshAt'

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack()
})
afterAll(() => stack.stop())

/** An identity of the contract's shape. */
const expected = (valueFor: (field: Field) => unknown) =>
  Object.fromEntries(
    Object.entries(FIELDS).map(([part, fields]) => [
      part,
      Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, valueFor(field)])),
    ]),
  )

test('an identity has the fields and the types of the contract', async () => {
  const { client, userId } = await signUp(stack)
  await stack.sql('UPDATE "user" SET image = $2 WHERE id = $1', [userId, 'https://app.acme.org/ada.png'])
  await stack.sql('UPDATE session SET "impersonatedBy" = $1, "secondFactorAt" = now() WHERE "userId" = $1', [userId])

  expect(await (await client.check()).json()).toEqual(expected(({ type }) => EXAMPLES[type]))
})

test('a field is null where the contract says so, and the tables allow no other', async () => {
  const { client, userId } = await signUp(stack)
  const setNull = (part: Part, name: string) => {
    const key = part === 'user' ? 'id' : 'userId'
    return stack.sql(`UPDATE "${part}" SET "${name}" = NULL WHERE "${key}" = $1`, [userId])
  }
  for (const part of ['session', 'user'] as const) {
    for (const [name, { nullable }] of Object.entries(FIELDS[part])) {
      if (name === COMPUTED) continue
      if (nullable) await setNull(part, name)
      else await expect(setNull(part, name), `${part}.${name}`).rejects.toThrow('not-null constraint')
    }
  }
  // A session that was made to last a day is never refreshed.
  await stack.sql(`UPDATE session SET "expiresAt" = "createdAt" + interval '1 day' WHERE "userId" = $1`, [userId])

  expect(await (await client.check()).json()).toEqual(
    expected(({ type, nullable }) => (nullable ? null : EXAMPLES[type])),
  )
})
