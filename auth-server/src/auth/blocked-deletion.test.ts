import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient, PASSWORD, signUp } from '../../test/client.ts'
import { startTestStack } from '../../test/harness.ts'
import { until } from '../../test/until.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack()
  await stack.sql('CREATE TABLE app.app_users (user_id text PRIMARY KEY REFERENCES "user" (id) ON DELETE CASCADE)')
})
afterAll(() => stack.stop())

const RAISE = `CREATE FUNCTION app.stop() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'not today'; END$$;`

describe('a user whom another table needs', () => {
  test.each([
    [
      'a foreign key',
      'CREATE TABLE app.orders (user_id text CONSTRAINT orders_user REFERENCES "user" (id))',
      'orders_user',
    ],
    [
      'a foreign key that is checked at the end',
      'CREATE TABLE app.orders (user_id text CONSTRAINT orders_user REFERENCES "user" (id) DEFERRABLE INITIALLY DEFERRED)',
      'orders_user',
    ],
    [
      'a foreign key to what would go too',
      'CREATE TABLE app.orders (user_id text CONSTRAINT orders_user REFERENCES app.app_users (user_id) ON DELETE RESTRICT)',
      'orders_user',
    ],
    [
      'a trigger',
      `${RAISE} CREATE TRIGGER t BEFORE DELETE ON app.app_users FOR EACH ROW EXECUTE FUNCTION app.stop()`,
      'app.stop()',
    ],
    [
      'a trigger at the end',
      `${RAISE} CREATE CONSTRAINT TRIGGER t AFTER DELETE ON app.app_users DEFERRABLE INITIALLY DEFERRED
       FOR EACH ROW EXECUTE FUNCTION app.stop()`,
      'app.stop()',
    ],
    ['a rule', 'CREATE RULE keep AS ON DELETE TO app.app_users DO INSTEAD NOTHING', 'app_users'],
  ])('by %s is not deleted: 409, the log names it, and they can sign in as before', async (_what, sql, name) => {
    const admin = await signUp(stack)
    await stack.sql(`UPDATE "user" SET role = 'admin' WHERE id = $1`, [admin.userId])
    const { email, userId: id } = await signUp(stack)
    const remove = () => admin.client.post('/api/auth/admin/remove-user', { body: { userId: id } })
    await stack.sql('INSERT INTO app.app_users VALUES ($1)', [id])
    await stack.sql(sql)
    await stack.sql(
      `DO $$BEGIN IF to_regclass('app.orders') IS NOT NULL THEN INSERT INTO app.orders VALUES ('${id}'); END IF; END$$`,
    )
    stack.lines.length = 0

    const response = await remove()

    expect([response.status, await response.json()]).toMatchObject([409, { code: 'DELETION_BLOCKED' }])
    expect(stack.lines.filter((line) => line.includes('DELETION_BLOCKED') && line.includes(name))).toHaveLength(1)
    expect(await stack.sql('SELECT 1 AS one FROM account WHERE "userId" = $1', [id])).toHaveLength(1)
    const signIn = await createClient(stack).post('/api/auth/sign-in/email', { body: { email, password: PASSWORD } })
    expect(signIn.status).toBe(200)
    await stack.sql(
      'DROP TABLE IF EXISTS app.orders; DROP TRIGGER IF EXISTS t ON app.app_users; DROP RULE IF EXISTS keep ON app.app_users; DROP FUNCTION IF EXISTS app.stop',
    )
    // PostgreSQL keeps a cascade that a rule emptied in the plan of its connection.
    await stack.sql(`SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity
                      WHERE datname = current_database() AND application_name = 'auth-server'`)
    await until(async () => (await remove()).status === 200)
    expect(await stack.sql('SELECT 1 AS one FROM app.app_users WHERE user_id = $1', [id])).toEqual([])
  })
})
