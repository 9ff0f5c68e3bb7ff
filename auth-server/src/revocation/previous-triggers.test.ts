import { readFileSync } from 'node:fs'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { signUp } from '../../test/client.ts'
import { revocations } from '../../test/feed.ts'
import { asOwner } from '../../test/foreign-schemas.ts'
import { startTestStack } from '../../test/harness.ts'
import { subscribe } from '../../test/subscriber.ts'
import { until } from '../../test/until.ts'
import { createLog } from '../log.ts'
import { migrate, migrationSql } from '../migrations/migrate.ts'
import { readiness } from '../migrations/readiness.ts'

/** As a release made them that knew no "image": its own SQL, its own comments. */
const PREVIOUS = readFileSync(new URL('../../test/previous-triggers.sql', import.meta.url), 'utf8')
const log = createLog({ LOG_LEVEL: 'silent' })

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeEach(async () => {
  stack = await startTestStack()
  await asOwner(stack.database, PREVIOUS)
  await until(() => stack.feed.isOpen())
})
afterEach(() => stack.stop())

const changeImage = (userId: string) =>
  stack.sql(`UPDATE "user" SET image = 'https://example.com/' || gen_random_uuid() WHERE id = $1`, [userId])
const triggers = () =>
  stack.sql(`SELECT g.oid, pg_get_triggerdef(g.oid) AS definition, obj_description(g.oid) AS comment FROM pg_trigger g
              WHERE g.tgname LIKE 'announce%' ORDER BY g.oid`)

describe('triggers of a previous release, which announced fewer columns', () => {
  test('are replaced by migrate, and a service that is connected hears of the new column', async () => {
    const service = await subscribe(stack)
    await service.catchUp()
    const { userId } = await signUp(stack)
    await changeImage(userId)
    await service.ping()
    expect(revocations(service)).toEqual([])
    expect((await readiness(stack.pools, stack.env)).state).toBe('schema-differs')

    await migrate(stack.database.env(), log)

    await changeImage(userId)
    await service.ping()
    expect(revocations(service)).toEqual([{ type: 'revoke', user: userId }])
    expect(await readiness(stack.pools, stack.env)).toEqual({ state: 'ready' })
  })

  test('are replaced once: the next migrate finds nothing to do, and what was recorded stays', async () => {
    const recorded = () => stack.sql('SELECT name FROM auth_migration ORDER BY name')
    const names = await recorded()
    await migrate(stack.database.env(), log)
    const made = await triggers()
    expect(await migrationSql(stack.database.env(), log)).not.toContain('TRIGGER')

    await migrate(stack.database.env(), log)

    expect(await triggers()).toEqual(made)
    expect(await recorded()).toEqual(names)
  })

  test('are shown by migrate --dry-run, which changes nothing', async () => {
    const before = await triggers()
    const sql = await migrationSql(stack.database.env(), log)
    expect(sql).toMatch(/CREATE TRIGGER announce_update AFTER UPDATE ON "public"\."user"[^;]*"image"/)
    expect(await triggers()).toEqual(before)
  })
})

test('a column that is missing in the triggers of this version is named', async () => {
  await migrate(stack.database.env(), log)
  await withComment((comment) => comment.replace(', image', ''))
  expect(await readiness(stack.pools, stack.env)).toEqual({
    state: 'schema-differs',
    problems: ['triggers do not announce changes of "user"."image"'],
  })
})

describe('triggers of a newer release, which announce more columns', () => {
  beforeEach(async () => {
    await migrate(stack.database.env(), log)
    await withComment((comment) => `${comment}, banReason`)
  })

  test('are enough for this one, and stay when it migrates', async () => {
    const before = await triggers()
    expect(await readiness(stack.pools, stack.env)).toEqual({ state: 'ready' })
    await migrate(stack.database.env(), log)
    expect(await triggers()).toEqual(before)
  })

  test('announce as much when they have to be made again for another column', async () => {
    await asOwner(stack.database, 'ALTER TABLE "user" ALTER "banReason" TYPE varchar(300)')
    await migrate(stack.database.env(), log)
    expect(JSON.stringify(await triggers())).toContain('old.\\"banReason\\"')
  })
})

describe('while others use the tables', () => {
  let other: pg.Client
  beforeEach(async () => {
    other = new pg.Client(stack.database.ownerUrl)
    await other.connect()
    await other.query('BEGIN')
  })
  afterEach(() => other.end())

  test('a migration waits, gives way to who comes behind it, and tries again', async () => {
    const { client } = await signUp(stack)
    await other.query('SELECT FROM session')
    const migrating = migrate(stack.database.env(), log)
    for (let round = 0; round < 3; round++) {
      await until(isWaiting)
      // Behind the migration, which waits for the other transaction: that one does not end.
      expect((await client.check()).status).toBe(200)
      await until(async () => !(await isWaiting()))
    }
    await other.query('COMMIT')
    await migrating

    expect(await readiness(stack.pools, stack.env)).toEqual({ state: 'ready' })
  })

  test('it gives way to a transaction that needs what it holds', async () => {
    const { userId } = await signUp(stack)
    await other.query('UPDATE "user" SET name = $2 WHERE id = $1', [userId, 'Ada'])
    const migrating = migrate(stack.database.env(), log)
    await until(isWaiting)

    await other.query('DELETE FROM session WHERE "userId" = $1', [userId])
    await other.query('COMMIT')

    await migrating
    expect(await readiness(stack.pools, stack.env)).toEqual({ state: 'ready' })
  })
})

/** Somebody, for a table of this database: other tests share the server. */
async function isWaiting(): Promise<boolean> {
  const waiting = await stack.sql(
    `SELECT FROM pg_locks WHERE NOT granted AND locktype = 'relation'
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  )
  return waiting.length > 0
}

/** Of the triggers on "user". */
async function withComment(change: (comment: string) => string): Promise<void> {
  const found = await stack.sql<{ tgname: string; comment: string }>(
    `SELECT tgname, obj_description(oid) AS comment FROM pg_trigger WHERE tgrelid = '"user"'::regclass AND tgname LIKE 'announce%'`,
  )
  for (const { tgname, comment } of found) {
    await asOwner(stack.database, `COMMENT ON TRIGGER ${tgname} ON "user" IS ${pg.escapeLiteral(change(comment))}`)
  }
}
