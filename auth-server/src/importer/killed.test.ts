import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { PROGRAM } from '../../test/program-file.ts'
import { until } from '../../test/until.ts'
import { createLog } from '../log.ts'
import { migrate } from '../migrations/migrate.ts'

const USERS = 6000
const HASH = '$2b$04$a/GgPNFeV9fyJ3q2oALSSOkgvvkOV.hkh72mENUYMXAeKsIntpBGO'

let database: TestDatabase
let folder: string
beforeAll(async () => {
  database = await createTestDatabase()
  await migrate(database.env(), createLog({ LOG_LEVEL: 'silent' }))
  folder = mkdtempSync(join(tmpdir(), 'killed-'))
  const rows = Array.from({ length: USERS }, (_, n) => `${n},user${n}@example.com,true,${HASH}`)
  writeFileSync(join(folder, 'users.csv'), `id,email,email_verified,password_hash\n${rows.join('\n')}\n`)
})
afterAll(async () => {
  await database.drop()
  rmSync(folder, { recursive: true })
})

function start(): ChildProcess {
  const args = ['import', '--from', 'csv', 'users.csv', '--apply', '--relative-to', folder, '--report', 'report.jsonl']
  return spawn(process.execPath, [PROGRAM, ...args], {
    cwd: new URL('../..', import.meta.url),
    env: { PATH: process.env.PATH, ...database.variables() } as NodeJS.ProcessEnv,
    stdio: 'ignore',
  })
}

const counts = async () =>
  (
    await database.sql(`
      SELECT (SELECT count(*)::int FROM "user") AS users,
             (SELECT count(*)::int FROM account WHERE password IS NOT NULL) AS passwords,
             (SELECT count(DISTINCT "oldId")::int FROM auth_import WHERE status = 'import') AS remembered,
             (SELECT count(*)::int FROM auth_import i WHERE NOT EXISTS (SELECT FROM "user" u WHERE u.id = i."userId")) AS lost`)
  )[0]

/** An import comes no further than this user, in the middle, until the lock is let go. */
async function holdInTheMiddle(): Promise<pg.Client> {
  await database.sql(`
    CREATE FUNCTION public.hold() RETURNS trigger LANGUAGE plpgsql AS
      $$BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END$$;
    CREATE TRIGGER hold BEFORE INSERT ON "user" FOR EACH ROW WHEN (NEW.id = '${USERS / 2}') EXECUTE FUNCTION public.hold()`)
  const holder = new pg.Client(database.superuserUrl)
  await holder.connect()
  await holder.query('SELECT pg_advisory_lock(1)')
  return holder
}

test('an import that was killed in the middle is finished by the next one: nobody twice, nobody lost', async () => {
  const holder = await holdInTheMiddle()
  const killed = start()
  const ended = once(killed, 'exit')
  await until(async () => Number((await counts())?.users) > 0)
  killed.kill('SIGKILL')
  await ended
  await holder.end()
  const between = await counts()
  expect(between?.users).toBeLessThan(USERS)
  expect(between).toEqual({ users: between?.users, passwords: between?.users, remembered: between?.users, lost: 0 })

  // The connection of the killed one may live a moment longer, and the lock with it.
  await until(async () => {
    const [lock] = await database.sql(`SELECT FROM pg_locks WHERE locktype = 'advisory' AND database =
      (SELECT oid FROM pg_database WHERE datname = current_database())`)
    return lock === undefined
  })
  const [code] = await once(start(), 'exit')
  expect([code, await counts()]).toEqual([0, { users: USERS, passwords: USERS, remembered: USERS, lost: 0 }])
  expect(await database.sql('SELECT DISTINCT run FROM auth_import ORDER BY run')).toEqual([{ run: 1 }, { run: 2 }])
})
