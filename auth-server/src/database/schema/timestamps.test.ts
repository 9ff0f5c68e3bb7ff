import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkSession } from '../../../test/client.ts'
import { createTestDatabase, SECRET, type TestDatabase } from '../../../test/database.ts'
import { asOwner, FOREIGN_SCHEMAS } from '../../../test/foreign-schemas.ts'
import { startTestServer } from '../../../test/harness.ts'
import { PROGRAM } from '../../../test/program-file.ts'
import { sign } from '../../sessions/credential.ts'

const ZONES = ['UTC', 'Asia/Tokyo', 'America/New_York']

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
  await FOREIGN_SCHEMAS['prisma migrate, from the models that better-auth generates']?.(database)
})
afterEach(() => database.drop())

describe.each(ZONES)('with the database in %s', (databaseZone) => {
  test.each(ZONES)(
    'and the process in %s, a session that has ended stays ended',
    async (zone) => {
      await asOwner(
        database,
        `DO $$ BEGIN EXECUTE format('ALTER ROLE CURRENT_USER SET timezone = %L', '${databaseZone}'); END $$`,
      )
      // As each of the three would have written its end: in UTC, in the zone of the process, by the database.
      await session('utc', `now() AT TIME ZONE 'UTC'`)
      await session('process', `now() AT TIME ZONE '${zone}'`)
      await session('database', `now() AT TIME ZONE '${databaseZone}'`)

      await migrateIn(zone)

      const server = await startTestServer(database.variables())
      for (const writer of ['utc', 'process', 'database']) {
        expect([writer, await statusOf(server, `${writer}-ended`)]).toEqual([writer, 401])
      }
      expect(await statusOf(server, 'utc-live')).toBe(200)
      await server.stop()
    },
    60_000,
  )
})

/** One that ended an hour ago and one that ends in two days, as this expression says "now". */
async function session(writer: string, now: string): Promise<void> {
  await asOwner(
    database,
    `INSERT INTO "user" (id, name, email, "updatedAt") VALUES ('${writer}', 'x', '${writer}@example.com', ${now});
     INSERT INTO session (id, token, "userId", "expiresAt", "updatedAt") VALUES
       ('${writer}-ended', '${writer}-ended', '${writer}', ${now} - interval '1 hour', ${now}),
       ('${writer}-live', '${writer}-live', '${writer}', ${now} + interval '2 days', ${now})`,
  )
}

async function statusOf(server: { internalUrl: string }, token: string): Promise<number> {
  return (await checkSession(server.internalUrl, { authorization: `Bearer ${sign(token, SECRET)}` })).status
}

async function migrateIn(zone: string): Promise<void> {
  const child = spawn(process.execPath, [PROGRAM, 'migrate'], {
    env: { PATH: process.env.PATH, LOG_LEVEL: 'warn', TZ: zone, ...database.variables() },
    stdio: 'inherit',
  })
  const [code] = await once(child, 'close')
  expect(code).toBe(0)
}
