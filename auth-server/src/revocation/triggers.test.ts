import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createClient, PASSWORD, signUp } from '../../test/client.ts'
import { startTestStack } from '../../test/harness.ts'
import { cleanUp } from '../database/cleanup.ts'
import { columnsOf } from '../sessions/fields.ts'
import { selectSession } from '../sessions/queries.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
let listener: pg.Client
const heard: unknown[] = []

beforeAll(async () => {
  stack = await startTestStack()
  listener = new pg.Client(stack.database.variables().DATABASE_URL)
  await listener.connect()
  listener.on('notification', ({ payload = '' }) => heard.push(JSON.parse(payload)))
  await listener.query('LISTEN auth_sidecar_revocations')
})
afterAll(async () => {
  await listener.end()
  await stack.stop()
})
beforeEach(() => announced())

/** What has been announced since it was last asked: a committed notification comes before the result of a later query. */
async function announced(): Promise<unknown[]> {
  await listener.query('SELECT 1')
  return heard.splice(0).filter((payload) => !Object.hasOwn(Object(payload), 'probe'))
}
const session = (id: string | undefined) => ({ schema: 'public', session: id })
const user = (id: string | undefined) => ({ schema: 'public', user: id })
const FLUSH = { schema: 'public', flush: true }

const sessionsOf = async (userId: string) =>
  (await stack.sql<{ id: string }>('SELECT id FROM session WHERE "userId" = $1', [userId])).map(({ id }) => id)

async function person() {
  const { client, userId, email } = await signUp(stack)
  await announced()
  const [sessionId] = await sessionsOf(userId)
  return { client, userId, email, sessionId }
}

const addSessions = (userId: string, count: number, expires = '1 day') =>
  stack.sql(
    `INSERT INTO session (id, token, "userId", "expiresAt", "createdAt", "updatedAt")
     SELECT gen_random_uuid(), gen_random_uuid(), $1, now() + $3::interval, now(), now() FROM generate_series(1, $2)`,
    [userId, count, expires],
  )

describe('announces nothing', () => {
  test('when a user signs up or in', async () => {
    const { email } = await signUp(stack)
    await createClient(stack).post('/api/auth/sign-in/email', { body: { email, password: PASSWORD } })
    expect(await announced()).toEqual([])
  })

  test('when a session is extended, by a check or by better-auth, and does not even call the function', async () => {
    const { client, userId } = await person()
    const age = () =>
      stack.sql(
        `UPDATE session SET "expiresAt" = "expiresAt" - interval '2 days', "createdAt" = now() - interval '8 days'
                  WHERE "userId" = $1`,
        [userId],
      )
    await age()
    await announced()
    await breakTheFunction(async () => {
      const check = await client.check()
      expect(check.headers.getSetCookie()).toHaveLength(1)
    })
    await age()
    await announced()
    expect((await client.get('/api/auth/get-session')).headers.getSetCookie()).toHaveLength(1)
    expect(await announced()).toEqual([])
  })

  test('when something is written that no check reads', async () => {
    const { userId } = await person()
    await stack.sql('UPDATE "user" SET "banReason" = $2 WHERE id = $1', [userId, 'none'])
    await stack.sql('UPDATE session SET "userAgent" = "userAgent" WHERE "userId" = $1', [userId])
    await stack.sql('UPDATE "user" SET name = name, role = role WHERE id = $1', [userId])
    expect(await announced()).toEqual([])
  })

  test('when sessions are cleaned up that have run out', async () => {
    const { userId } = await person()
    await addSessions(userId, 10, '-61 minutes')
    await addSessions(userId, 10, '-1 minute')
    await breakTheFunction(() => cleanUp(stack, { everyMs: 1, pauseMs: 1, batch: 5 }, new AbortController().signal))
    expect(await announced()).toEqual([])
    expect(await sessionsOf(userId)).toHaveLength(11)
  })

  test('when the transaction is rolled back', async () => {
    const { userId } = await person()
    await stack.sql(`DO $$ BEGIN DELETE FROM session WHERE "userId" = '${userId}'; ROLLBACK; END $$`)
    expect(await announced()).toEqual([])
  })
})

describe('announces the session', () => {
  test('that signs out', async () => {
    const { client, sessionId } = await person()
    await client.post('/api/auth/sign-out')
    expect(await announced()).toEqual([session(sessionId)])
  })

  test('that is deleted by SQL, also when it has just run out', async () => {
    const { userId, sessionId } = await person()
    await stack.sql('DELETE FROM session WHERE id = $1', [sessionId])
    expect(await announced()).toEqual([session(sessionId)])
    await addSessions(userId, 1, '-59 minutes')
    const [expired] = await sessionsOf(userId)
    await stack.sql('DELETE FROM session WHERE id = $1', [expired])
    expect(await announced()).toEqual([session(expired)])
  })

  test.each([
    ['that ends sooner', `"expiresAt" = "expiresAt" - interval '1 second'`],
    ['that gets another token', `token = gen_random_uuid()`],
    ['that gets another id, by its old one', `id = gen_random_uuid()`],
    ['whose beginning is another', `"createdAt" = "createdAt" - interval '1 second'`],
    ['whose address is another', `"ipAddress" = '192.0.2.1'`],
    ['whose browser is another', `"userAgent" = 'other'`],
    ['in which an administrator acts', `"impersonatedBy" = 'other'`],
    ['that is touched and not extended', `"updatedAt" = now() + interval '1 second'`],
  ])('%s', async (_what, change) => {
    const { userId, sessionId } = await person()
    await stack.sql(`UPDATE session SET ${change} WHERE "userId" = $1`, [userId])
    expect(await announced()).toEqual([session(sessionId)])
  })

  test('that gets another user', async () => {
    const [one, other] = [await person(), await person()]
    await stack.sql('UPDATE session SET "userId" = $2 WHERE "userId" = $1', [one.userId, other.userId])
    expect(await announced()).toEqual([session(one.sessionId)])
  })

  test('each of the 251 that /revoke-sessions ends, and of those that /revoke-other-sessions ends', async () => {
    for (const path of ['revoke-sessions', 'revoke-other-sessions']) {
      const { client, userId, sessionId } = await person()
      await addSessions(userId, 250)
      const all = await sessionsOf(userId)
      expect((await client.post(`/api/auth/${path}`)).status).toBe(200)
      const ended = path === 'revoke-sessions' ? all : all.filter((id) => id !== sessionId)
      expect(new Set(await announced())).toEqual(new Set(ended.map(session)))
    }
  })
})

describe('announces the user', () => {
  const NEW_VALUES = {
    text: () => 'gen_random_uuid()',
    boolean: (column: string) => `NOT coalesce("${column}", false)`,
    timestamp: (column: string) => `coalesce("${column}", now()) + interval '1 second'`,
  }
  const columns = columnsOf('user').filter(([name, { use }]) => use !== 'unused' && name !== 'id')

  test.each(columns)('whose %s is changed by SQL', async (column, { type }) => {
    const { userId } = await person()
    const value = NEW_VALUES[type.replace('?', '') as keyof typeof NEW_VALUES](column)
    await stack.sql(`UPDATE "user" SET "${column}" = ${value} WHERE id = $1`, [userId])
    expect(await announced()).toEqual([user(userId)])
  })

  test('for every column that a session check reads', async () => {
    const { text } = selectSession(stack.env)('')
    const read = [...text.matchAll(/\bu\."(\w+)"/g)].map(([, column]) => column)
    expect(read).toContain('banExpires')
    expect(new Set(read)).toEqual(new Set(['id', ...columns.map(([name]) => name)]))
  })

  test('who is deleted, and each session that goes with them', async () => {
    const { userId, sessionId } = await person()
    await stack.sql('DELETE FROM "user" WHERE id = $1', [userId])
    expect(await announced()).toEqual(expect.arrayContaining([user(userId), session(sessionId)]))
  })
})

describe('announces "forget everything"', () => {
  test('after a thousand ids, however much one transaction ends', async () => {
    const { userId } = await person()
    await addSessions(userId, 10_000)
    await stack.sql('DELETE FROM session WHERE "userId" = $1', [userId])
    const all = await announced()
    expect(all).toHaveLength(1001)
    expect(all.at(-1)).toEqual(FLUSH)
  })

  test('in a transaction that ends much and lets some of it be: a savepoint takes its share back', async () => {
    const { userId } = await person()
    await addSessions(userId, 1500)
    await stack.sql(`DO $$ BEGIN
      BEGIN DELETE FROM session WHERE "userId" = '${userId}'; RAISE division_by_zero;
      EXCEPTION WHEN division_by_zero THEN NULL; END;
      DELETE FROM session WHERE id = (SELECT id FROM session WHERE "userId" = '${userId}' LIMIT 1);
    END $$`)
    const all = await announced()
    expect(all).toEqual([session(expect.any(String) as unknown as string)])
  })

  test.each(['session', '"user" CASCADE'])('when %s is emptied by TRUNCATE', async (table) => {
    await stack.sql(`TRUNCATE ${table}`)
    expect(await announced()).toEqual([FLUSH])
  })
})

test('works for a role whose search_path leads elsewhere, and during replication', async () => {
  const [one, other] = [await person(), await person()]
  await stack.sql(`DO $$ BEGIN
    SET LOCAL search_path = pg_temp;
    CREATE TEMP TABLE session (id text); CREATE FUNCTION pg_temp.pg_notify(text, text) RETURNS void LANGUAGE sql AS 'SELECT';
    DELETE FROM public.session WHERE id = '${one.sessionId}';
    SET LOCAL session_replication_role = replica;
    DELETE FROM public.session WHERE id = '${other.sessionId}';
    DROP TABLE pg_temp.session; DROP FUNCTION pg_temp.pg_notify;
  END $$`)
  expect(await announced()).toEqual([session(one.sessionId), session(other.sessionId)])
})

/** Whatever calls it meanwhile fails. */
async function breakTheFunction<T>(work: () => Promise<T>): Promise<void> {
  const [{ definition } = { definition: '' }] = await stack.sql<{ definition: string }>(
    `SELECT pg_get_functiondef('announce_revocation'::regproc) AS definition`,
  )
  await stack.sql(
    `CREATE OR REPLACE FUNCTION announce_revocation() RETURNS trigger LANGUAGE plpgsql
     AS $$ BEGIN RAISE 'was called'; END $$`,
  )
  try {
    await work()
  } finally {
    await stack.sql(definition)
  }
}
