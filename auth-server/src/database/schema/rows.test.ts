import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createClient, PASSWORD } from '../../../test/client.ts'
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts'
import { asOwner } from '../../../test/foreign-schemas.ts'
import { startTestServer } from '../../../test/harness.ts'
import { createLog } from '../../log.ts'
import { migrate } from '../../migrations/migrate.ts'
import { hashPassword } from '../../passwords/hash.ts'

const log = createLog({ LOG_LEVEL: 'silent' })

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
  await migrate(database.env(), log)
})
afterEach(() => database.drop())

describe("an older document's data migration", () => {
  test('without ids, times and emailVerified is stored, and its users sign in', async () => {
    const password = (await hashPassword(PASSWORD)).replaceAll("'", "''")
    await asOwner(
      database,
      `INSERT INTO "user" (name, email) VALUES ('Ann', 'Ann@Example.com'), ('Bob', 'bob@example.com');
       INSERT INTO account ("userId", "accountId", "providerId", password)
         SELECT id, email, 'credential', '${password}' FROM "user"`,
    )

    await migrate(database.env(), log)

    const server = await startTestServer(database.variables())
    for (const email of ['ann@example.com', 'Bob@example.com']) {
      const response = await createClient(server).post('/api/auth/sign-in/email', {
        body: { email, password: PASSWORD },
      })
      expect(response.status, email).toBe(200)
    }
    await server.stop()
  })
})

describe('credential rows', () => {
  test('whose ids are swapped between two users get their own, though the key is unique', async () => {
    await users('a', 'b')
    await accounts(['x', 'a', 'credential', 'b'], ['y', 'b', 'credential', 'a'])
    await migrate(database.env(), log)
    expect(await accountIds()).toEqual({ x: 'a', y: 'b' })
  })

  test('of a user who has several stay as they are, and other providers too', async () => {
    await users('a', 'b')
    await accounts(
      ['x', 'a', 'credential', 'one'],
      ['y', 'a', 'credential', 'b'],
      ['z', 'b', 'credential', 'b@example.com'],
      ['g', 'b', 'github', '77'],
    )
    const lines: string[] = []
    await migrate(database.env(), createLog({ LOG_LEVEL: 'warn' }, { write: (line) => void lines.push(line) }))
    expect(await accountIds()).toEqual({ x: 'one', y: 'b', z: 'b@example.com', g: '77' })
    expect(lines.join()).toContain('several credential rows')
  })
})

describe('addresses that differ in case only', () => {
  beforeEach(async () => {
    await asOwner(database, 'DROP INDEX user_lower_email_key')
    await users('a', 'b')
    await asOwner(
      database,
      `UPDATE "user" SET email = 'Twin@example.com' WHERE id = 'a'; UPDATE "user" SET email = 'twin@Example.com' WHERE id = 'b'`,
    )
  })

  test('are named by their ids, and nothing is changed', async () => {
    const error = await migrate(database.env(), log).catch(String)
    expect(error).toMatch(/share "email" apart from upper and lower case, ids: a and b/)
    expect(error).not.toMatch(/twin@/i)
    expect(await database.sql('SELECT email FROM "user" ORDER BY id')).toEqual([
      { email: 'Twin@example.com' },
      { email: 'twin@Example.com' },
    ])
  })

  test('are repaired once one has another, and cannot come back', async () => {
    await asOwner(database, `UPDATE "user" SET email = 'Other@example.com' WHERE id = 'b'`)
    await migrate(database.env(), log)
    expect(await database.sql('SELECT email FROM "user" ORDER BY id')).toEqual([
      { email: 'twin@example.com' },
      { email: 'other@example.com' },
    ])
    await expect(
      asOwner(database, `INSERT INTO "user" (name, email) VALUES ('x', 'TWIN@example.com')`),
    ).rejects.toMatchObject({ code: '23505' })
  })
})

test('missing values that this server knows are filled in; rows that refer to nobody are left to the operator', async () => {
  await users('a')
  await asOwner(
    database,
    `ALTER TABLE "user" ALTER "emailVerified" DROP NOT NULL; UPDATE "user" SET "emailVerified" = NULL`,
  )
  await migrate(database.env(), log)
  expect(await database.sql('SELECT "emailVerified" FROM "user"')).toEqual([{ emailVerified: false }])

  await asOwner(database, 'ALTER TABLE account DROP CONSTRAINT "account_userId_fkey"')
  await accounts(['x', 'nobody', 'github', '7'])
  await expect(migrate(database.env(), log)).rejects.toThrow(
    /refer to a row of "user" that does not exist\n.*DELETE FROM "public"\."account"/,
  )
})

const users = (...ids: string[]) =>
  asOwner(
    database,
    ids.map((id) => `INSERT INTO "user" (id, name, email) VALUES ('${id}', 'x', '${id}@example.com');`).join(''),
  )

const accounts = (...rows: string[][]) =>
  asOwner(
    database,
    rows
      .map(
        (row) =>
          `INSERT INTO account (id, "userId", "providerId", "accountId") VALUES (${row.map((value) => `'${value}'`).join()});`,
      )
      .join(''),
  )

async function accountIds() {
  const rows = await database.sql<{ id: string; accountId: string }>('SELECT id, "accountId" FROM account')
  return Object.fromEntries(rows.map(({ id, accountId }) => [id, accountId]))
}
