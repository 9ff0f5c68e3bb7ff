import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { getMigrations } from 'better-auth/db/migration'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { asOwner } from '../../test/foreign-schemas.ts'
import { startTestServer } from '../../test/harness.ts'
import { PROGRAM } from '../../test/program-file.ts'
import { until } from '../../test/until.ts'
import { authOptions } from '../auth/better-auth.ts'
import { createPools } from '../database/pools.ts'
import { createLog } from '../log.ts'
import { migrate } from './migrate.ts'

const log = createLog({ LOG_LEVEL: 'silent' })

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
  await migrate(database.env(), log)
})
afterEach(() => database.drop())

test('a running server notices that revocations would be lost, says so, and that they are not any more', async () => {
  const server = await startTestServer(database.variables())
  const ready = async () => {
    const response = await fetch(`${server.url}/health/ready`)
    const { code, message } = (await response.json()) as { code?: string; message?: string }
    return { status: response.status, code, message }
  }
  await until(async () => (await ready()).status === 200)
  await asOwner(database, 'ALTER TABLE session DISABLE TRIGGER announce_delete')
  await until(async () => (await ready()).code === 'SCHEMA_DIFFERS')
  const { message } = await ready()
  expect(message).toMatch(/announce_delete on "session"\. Run the migrate command\.$/)
  expect(server.lines.join()).toContain('the tables differ from what this version needs')

  await migrate(database.env(), log)
  await until(async () => (await ready()).status === 200)
  await server.stop()
})

test('better-auth itself finds nothing to create or to add', async () => {
  const env = database.env()
  const pools = createPools(env, log)
  const pending = await getMigrations(authOptions({ env, pool: pools.auth }))
  expect(pending).toMatchObject({ toBeCreated: [], toBeAdded: [], toBeAddedIndexes: [], schemaProblems: [] })
  await pools.end()
})

test('production does not start on tables that differ, and names them', async () => {
  await asOwner(database, 'DROP TRIGGER announce_delete ON session')
  const { code, stderr } = await run(['serve'], {
    NODE_ENV: 'production',
    BETTER_AUTH_SECRET: randomBytes(32).toString('hex'),
    INTERNAL_TOKEN: randomBytes(32).toString('hex'),
    PUBLIC_URL: 'https://app.acme.org',
    REQUIRE_EMAIL_VERIFICATION: 'false',
  })
  expect(code).toBe(78)
  expect(stderr).toMatch(/announce_delete on "session"[\s\S]*run the migrate command/)
})

test('migrate --dry-run prints SQL; another option is refused', async () => {
  await asOwner(database, 'DROP INDEX "session_userId_idx"')
  const { code, stdout } = await run(['migrate', '--dry-run'])
  expect([code, stdout]).toEqual([
    0,
    expect.stringContaining('CREATE INDEX "session_userId_idx" ON "public"."session"'),
  ])
  expect(await run(['migrate', '--dryrun'])).toMatchObject({ code: 78, stderr: expect.stringContaining('--dry-run') })
  const indexes = await database.sql(`SELECT FROM pg_indexes WHERE indexname = 'session_userId_idx'`)
  expect(indexes).toEqual([])
})

async function run(args: string[], variables: Record<string, string> = {}) {
  const env = { PATH: process.env.PATH, ...database.variables(), ...variables }
  return promisify(execFile)(process.execPath, [PROGRAM, ...args], { env }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout: String(stdout), stderr: String(stderr) }),
  )
}
