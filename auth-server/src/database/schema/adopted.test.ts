import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createClient, PASSWORD, signUp } from '../../../test/client.ts'
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts'
import { asOwner, FOREIGN_SCHEMAS } from '../../../test/foreign-schemas.ts'
import { startTestServer } from '../../../test/harness.ts'
import { subscribe } from '../../../test/subscriber.ts'
import { until } from '../../../test/until.ts'
import { createLog } from '../../log.ts'
import { migrate } from '../../migrations/migrate.ts'

const log = createLog({ LOG_LEVEL: 'silent' })

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(() => database.drop())

describe('a database that was made by', () => {
  test.each(Object.keys(FOREIGN_SCHEMAS))('%s is adopted, and everything works', async (tool) => {
    await FOREIGN_SCHEMAS[tool]?.(database)
    await asOwner(database, OLDER_ROWS)

    await migrate(database.env(), log)

    expect(await works(database)).toEqual(WORKING)
    expect(await database.sql('SELECT email, name FROM "user" WHERE name = $1', ['Before'])).toEqual([
      { email: 'before@example.com', name: 'Before' },
    ])
    const types = await database.sql(
      `SELECT 1 FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'timestamp without time zone'`,
    )
    expect(types).toEqual([])
  })
})

describe('after a table was dropped', () => {
  test.each(['"user" CASCADE', 'session', 'account', 'verification', '"rateLimit"', 'auth_migration'])(
    '%s is whole again, with its keys, indexes and triggers',
    async (table) => {
      await migrate(database.env(), log)
      const whole = await shape(database)
      await database.sql(`DROP TABLE ${table}`)

      await migrate(database.env(), log)

      expect(await shape(database)).toEqual(whole)
      expect(await works(database)).toEqual(WORKING)
    },
  )

  test('of uuid ids, it gets uuid references', async () => {
    await FOREIGN_SCHEMAS["better-auth's own command, with generateId uuid"]?.(database)
    await database.sql('DROP TABLE session, account')
    await migrate(database.env(), log)
    expect(await works(database)).toEqual(WORKING)
  })
})

/** What a data migration of an older document leaves out: id, "emailVerified", times. */
const OLDER_ROWS = `INSERT INTO "user" (id, name, email, "updatedAt", "emailVerified")
  VALUES ('7c9e6679-7425-40de-944b-e07fc1f90ae7', 'Before', 'Before@Example.com', now(), true)`

const WORKING = { ready: 200, signUp: 200, signIn: 200, check: 200, isHeard: true, after: 401, changed: 200 }

/** Sign-up, sign-in, a session check, and a sign-out that a service hears of. */
async function works(on: TestDatabase) {
  const server = await startTestServer(on.variables())
  try {
    await until(() => server.feed.isOpen())
    const service = await subscribe(server)
    const person = await signUp(server, `${randomUUID()}@example.com`)
    const client = createClient(server)
    const signIn = await client.post('/api/auth/sign-in/email', {
      body: { email: person.email, password: PASSWORD },
      headers: { 'user-agent': 'x'.repeat(500) },
    })
    const check = await client.check()
    const { session } = (await check.json()) as { session: { id: string } }
    await client.post('/api/auth/sign-out')
    await service.message((message) => JSON.stringify(message).includes(session.id))
    const changed = await person.client.post('/api/auth/update-user', { body: { name: 'Changed' } })
    service.close()
    return {
      ready: (await client.get('/health/ready')).status,
      signUp: 200,
      signIn: signIn.status,
      check: check.status,
      isHeard: true,
      after: (await client.check()).status,
      changed: changed.status,
    }
  } finally {
    await server.stop()
  }
}

async function shape(on: TestDatabase): Promise<string[]> {
  const rows = await on.sql<{ line: string }>(
    `SELECT format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) AS line
       FROM information_schema.columns WHERE table_schema = 'public'
     UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
     UNION ALL SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
     UNION ALL SELECT pg_get_triggerdef(oid) || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
     UNION ALL SELECT name FROM auth_migration
     ORDER BY 1`,
  )
  return rows.map(({ line }) => line)
}
