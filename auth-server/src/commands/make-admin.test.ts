import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { createLog } from '../log.ts'
import { migrate } from '../migrations/migrate.ts'
import { makeAdmin } from './make-admin.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await migrate(database.env(), createLog({ LOG_LEVEL: 'silent' }))
  for (const name of ['ann', 'bob']) {
    await database.sql(
      `INSERT INTO "user" ("id", "name", "email", "emailVerified", "createdAt", "updatedAt")
       VALUES ($1, $1, $1 || '@example.com', false, now(), now())`,
      [name],
    )
  }
})
afterAll(() => database.drop())

test('the user with the address is an administrator then, and no other', async () => {
  await makeAdmin(database.env(), ' Ann@Example.com ')

  const rows = await database.sql<{ id: string }>(`SELECT "id" FROM "user" WHERE "role" = 'admin'`)
  expect(rows).toEqual([{ id: 'ann' }])
})

test('that the user is an administrator now is recorded, of nobody', async () => {
  await makeAdmin(database.env(), 'bob@example.com')

  const rows = await database.sql(`SELECT type, "actorId", details FROM audit_event WHERE "userId" = 'bob'`)
  expect(rows).toEqual([{ type: 'role-changed', actorId: null, details: { from: null, to: 'admin' } }])
})

test('an unknown address is refused, and is not repeated', async () => {
  const refused = makeAdmin(database.env(), 'canary@example.com')

  await expect(refused).rejects.toThrow('no user with this address')
  await expect(refused).rejects.not.toThrow('canary')
})

test.each(['', 'ann'])('without an address (%j) it says what to write', async (email) => {
  await expect(makeAdmin(database.env(), email)).rejects.toThrow('make-admin EMAIL')
})
