import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setUp, signInHalf, signUpWithApp } from '../../../test/authenticator.ts'
import { checkSession, createClient, PASSWORD, signUp } from '../../../test/client.ts'
import { SECRET } from '../../../test/database.ts'
import { startTestStack, UNLIMITED } from '../../../test/harness.ts'
import { sign } from '../../sessions/credential.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack(UNLIMITED)
})
afterAll(() => stack.stop())

const error = (code: string) => ({ code, message: expect.any(String) })
const VERIFY = '/api/auth/two-factor/verify-totp'
const BACKUP = '/api/auth/two-factor/verify-backup-code'
const sessionsOf = (userId: string) =>
  stack.sql<{ secondFactorAt: Date | null }>('SELECT "secondFactorAt" FROM session WHERE "userId" = $1', [userId])
const resultOf = async (response: Response) => [response.status, await response.json()]

describe('a user with an authenticator app', () => {
  test('is asked for a code after the password, and has no session before it', async () => {
    const { email, userId, app } = await signUpWithApp(stack)
    await stack.sql('DELETE FROM session WHERE "userId" = $1', [userId])
    const { client, response } = await signInHalf(stack, email)

    expect(await resultOf(response)).toEqual([200, { twoFactorRedirect: true, twoFactorMethods: ['totp'] }])
    expect(response.headers.get('set-auth-token')).toBeNull()
    expect([...client.jar.keys()].toSorted()).toEqual(['better-auth.two_factor'])
    expect(await sessionsOf(userId)).toEqual([])
    expect((await client.check()).status).toBe(401)

    const verified = await client.post(VERIFY, { body: { code: app.code() } })
    expect(await resultOf(verified)).toEqual([
      200,
      { token: verified.headers.get('set-auth-token'), user: expect.objectContaining({ id: userId }) },
    ])
    expect([...client.jar.keys()].toSorted()).toEqual(['better-auth.session_token', 'known_device'])
    const checked = await client.check()
    const { session } = (await checked.json()) as { session: { secondFactorAt: string } }
    expect(Math.abs(Date.parse(session.secondFactorAt) - Date.now())).toBeLessThan(60_000)
  })

  test('types the code with a space, as it is shown', async () => {
    const { email, app } = await signUpWithApp(stack)
    const { client } = await signInHalf(stack, email)
    const code = app.code()
    const response = await client.post(VERIFY, { body: { code: ` ${code.slice(0, 3)} ${code.slice(3)} ` } })
    expect(response.status).toBe(200)
  })

  test.each([
    [true, 7],
    [false, 1],
  ])('who signs in with rememberMe: %s stays signed in for %i days', async (rememberMe, days) => {
    const { email, userId, app } = await signUpWithApp(stack)
    await stack.sql('DELETE FROM session WHERE "userId" = $1', [userId])
    const { client } = await signInHalf(stack, email, undefined, { rememberMe })
    await client.post(VERIFY, { body: { code: app.code() } })
    const [row] = await stack.sql<{ days: number }>(
      `SELECT round(extract(epoch FROM "expiresAt" - now()) / 86400)::int AS days FROM session WHERE "userId" = $1`,
      [userId],
    )
    expect([row?.days, client.jar.has('better-auth.dont_remember')]).toEqual([days, !rememberMe])
  })

  test('uses a backup code instead, however it is typed, and each one once', async () => {
    const { email, backupCodes } = await signUpWithApp(stack)
    const [first = '', second = ''] = backupCodes
    for (const [code, status] of [
      [first, 200],
      [first, 401],
      [second.toUpperCase().replaceAll('-', ' '), 200],
      ['', 401],
      ['[]', 401],
    ] as const) {
      const { client } = await signInHalf(stack, email)
      expect([code, (await client.post(BACKUP, { body: { code } })).status]).toEqual([code, status])
    }
  })

  test('is not asked again on a device that they trust, until 30 days later', async () => {
    const { email, userId, app } = await signUpWithApp(stack)
    const { client } = await signInHalf(stack, email)
    await client.post(VERIFY, { body: { code: app.code(), trustDevice: true } })
    const shown = await sessionsOf(userId)
    await client.post('/api/auth/sign-out')
    const { response } = await signInHalf(stack, email, client)
    expect(await resultOf(response)).toEqual([200, expect.objectContaining({ token: expect.any(String) })])
    expect((await client.check()).status).toBe(200)
    expect((await sessionsOf(userId)).every(({ secondFactorAt }) => secondFactorAt !== null)).toBe(true)
    expect(shown).toHaveLength(2)

    await stack.sql(`UPDATE "trustedDevice" SET "expiresAt" = now() WHERE "userId" = $1`, [userId])
    await client.post('/api/auth/sign-out')
    const later = await signInHalf(stack, email, client)
    expect(await later.response.json()).toMatchObject({ twoFactorRedirect: true })
  })

  test('is asked on a device that another user trusts', async () => {
    const [one, other] = [await signUpWithApp(stack), await signUpWithApp(stack)]
    const { client } = await signInHalf(stack, one.email)
    await client.post(VERIFY, { body: { code: one.app.code(), trustDevice: true } })
    await client.post('/api/auth/sign-out')
    const { response } = await signInHalf(stack, other.email, client)
    expect(await response.json()).toMatchObject({ twoFactorRedirect: true })
    await client.post(VERIFY, { body: { code: other.app.code(), trustDevice: true } })
    await client.post('/api/auth/sign-out')
    for (const { email } of [one, other]) {
      expect((await (await signInHalf(stack, email, client)).response.json()) as object).toHaveProperty('token')
      await client.post('/api/auth/sign-out')
    }
  })
})

describe('a session that has not shown the second factor', () => {
  const PRIVATE = ['/api/auth/get-session', '/api/auth/session', '/api/auth/list-sessions', '/api/auth/list-accounts']

  test('opens nothing, however its row came about: by cookie and by bearer', async () => {
    const { userId } = await signUpWithApp(stack)
    const token = randomUUID().replaceAll('-', '')
    await stack.sql(
      `INSERT INTO session (id, token, "userId", "expiresAt", "createdAt", "updatedAt")
       VALUES ($1, $1, $2, now() + interval '1 day', now(), now())`,
      [token, userId],
    )
    const signed = sign(token, SECRET)
    const headersOf: Record<string, string>[] = [
      { authorization: `Bearer ${signed}` },
      { cookie: `better-auth.session_token=${encodeURIComponent(signed)}`, origin: 'http://localhost:3000' },
    ]
    for (const headers of headersOf) {
      expect((await checkSession(stack.internalUrl, headers)).status).toBe(401)
      for (const path of PRIVATE) {
        const response = await fetch(stack.url + path, { headers })
        const body: unknown = await response.json()
        if (response.status === 200) expect([path, body]).toEqual(['/api/auth/get-session', null])
        else expect([path, response.status]).toEqual([path, 401])
      }
      const renamed = await fetch(`${stack.url}/api/auth/update-user`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'Mallory' }),
      })
      expect(renamed.status).toBe(401)
    }
    await stack.sql('UPDATE session SET "secondFactorAt" = now() WHERE id = $1', [token])
    expect((await checkSession(stack.internalUrl, headersOf[0] ?? {})).status).toBe(200)
  })

  test('is never there, not even for a moment, while checks race the sign-in', async () => {
    const { email, userId } = await signUpWithApp(stack)
    await stack.sql('DELETE FROM session WHERE "userId" = $1', [userId])
    await stack.sql(`CREATE TABLE seen (id text); CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN INSERT INTO public.seen VALUES (NEW."userId"); RETURN NEW; END $$`)
    await stack.sql('CREATE TRIGGER see AFTER INSERT ON session FOR EACH ROW EXECUTE FUNCTION see()')
    await Promise.all(Array.from({ length: 20 }, () => signInHalf(stack, email)))
    expect(await stack.sql('SELECT FROM seen WHERE id = $1', [userId])).toEqual([])
    await stack.sql('DROP FUNCTION see CASCADE; DROP TABLE seen')
  })

  test('cannot say of itself that it has', async () => {
    const { client, userId } = await signUp(stack)
    await client.post('/api/auth/update-session', { body: { secondFactorAt: new Date().toISOString() } })
    expect(await sessionsOf(userId)).toEqual([{ secondFactorAt: null }])
  })

  test.each(['secondFactorAt', 'twoFactorEnabled'])('a sign-up cannot set %s', async (field) => {
    const email = `${randomUUID()}@example.com`
    const body = { email, password: PASSWORD, name: 'Mallory', [field]: field === 'twoFactorEnabled' || new Date() }
    await createClient(stack).post('/api/auth/sign-up/email', { body })
    const rows = await stack.sql(
      `SELECT FROM "user" u JOIN session s ON s."userId" = u.id
        WHERE email = $1 AND (u."twoFactorEnabled" OR s."secondFactorAt" IS NOT NULL)`,
      [email],
    )
    expect(rows).toEqual([])
  })
})

describe('setting it up', () => {
  test('counts for nothing before the first code', async () => {
    const { client, email } = await signUp(stack)
    await setUp(client)
    const { response } = await signInHalf(stack, email)
    expect(await response.json()).toHaveProperty('token')
  })

  test('ends the other sessions, and gives the own one another token', async () => {
    const { client, email, userId, bearer } = await signUp(stack)
    const other = createClient(stack)
    await other.post('/api/auth/sign-in/email', { body: { email, password: PASSWORD } })
    const { app } = await setUp(client)
    expect((await client.post(VERIFY, { body: { code: app.wrongCode() } })).status).toBe(401)
    expect((await other.check()).status).toBe(200)

    expect((await client.post(VERIFY, { body: { code: app.code() } })).status).toBe(200)
    expect([(await client.check()).status, (await other.check()).status]).toEqual([200, 401])
    expect((await checkSession(stack.internalUrl, { authorization: `Bearer ${bearer}` })).status).toBe(401)
    expect(await sessionsOf(userId)).toEqual([{ secondFactorAt: expect.any(Date) }])
  })

  test('takes the password, and a secret that is set up is not replaced', async () => {
    const { client } = await signUp(stack)
    const wrong = await client.post('/api/auth/two-factor/enable', { body: { password: 'not the password' } })
    expect(await resultOf(wrong)).toEqual([400, error('INVALID_PASSWORD')])
    const { totpURI } = await setUp(client)
    const again = await setUp(client)
    expect(again.totpURI).not.toBe(totpURI)
    await client.post(VERIFY, { body: { code: again.app.code() } })
    const third = await client.post('/api/auth/two-factor/enable', { body: { password: PASSWORD } })
    expect(await resultOf(third)).toEqual([400, error('TOTP_ALREADY_ENABLED')])
  })

  test('names the product and the account in the QR code', async () => {
    const { client, email } = await signUp(stack)
    const { totpURI } = await setUp(client)
    const { protocol, host, pathname, searchParams } = new URL(totpURI)
    const issuer = stack.env.brand.name
    expect([protocol, host, decodeURIComponent(pathname), searchParams.get('issuer')]).toEqual([
      'otpauth:',
      'totp',
      `/${issuer}:${email}`,
      issuer,
    ])
  })

  test('keeps the secret and the backup codes encrypted', async () => {
    const { userId, backupCodes, app } = await signUpWithApp(stack)
    const secret = app.secret
    const [row] = await stack.sql<{ secret: string; backupCodes: string }>(
      'SELECT secret, "backupCodes" FROM "twoFactor" WHERE "userId" = $1',
      [userId],
    )
    expect(row?.backupCodes).not.toContain(backupCodes[0])
    expect(row?.secret.length).toBeGreaterThan(100)
    expect(row?.secret).not.toContain(secret)
  })
})
