import { randomInt, randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createClient, signUp } from '../../test/client.ts'
import { startTestServer, startTestStack } from '../../test/harness.ts'
import { linkIn, type MailServer, startMailServer } from '../../test/mail-server.ts'
import { until } from '../../test/until.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
let mail: MailServer

beforeAll(async () => {
  mail = await startMailServer()
  stack = await startTestStack({
    SMTP_URL: mail.url,
    MAIL_FROM: 'Acme <no-reply@acme.org>',
    CLIENT_IP_HEADER: 'x-real-ip',
  })
})
afterEach(() => mail.behave('accept'))
afterAll(async () => {
  await stack.stop()
  await mail.stop()
})

const newAddress = () => `${randomUUID()}@example.com`

async function askForReset(email: string, headers: Record<string, string> = {}) {
  const response = await createClient(stack).post('/api/auth/request-password-reset', {
    body: { email },
    headers: {
      'x-real-ip': `2001:db8:${randomInt(65_536).toString(16)}:${randomInt(65_536).toString(16)}::1`,
      ...headers,
    },
  })
  expect(response.status).toBe(200)
}

const waiting = async (recipient: string) =>
  stack.sql<{ kind: string; attempts: number; linkSalt: string | null }>(
    'SELECT kind, attempts, "linkSalt" FROM "mailOutbox" WHERE recipient = $1',
    [recipient],
  )

/** Tried and put off, for seconds. Not claimed, which is for five minutes, nor due: that attempt would still move it. */
async function untilPutOff(recipient: string): Promise<void> {
  const putOff = `SELECT FROM "mailOutbox" WHERE recipient = $1 AND attempts > 0
                     AND "nextAttemptAt" BETWEEN now() AND now() + interval '4 minutes'`
  await until(async () => (await stack.sql(putOff, [recipient])).length > 0)
}

/** As if the pause were over. */
async function makeDue(recipient: string): Promise<void> {
  await untilPutOff(recipient)
  await stack.sql('UPDATE "mailOutbox" SET "nextAttemptAt" = now() WHERE recipient = $1', [recipient])
  stack.mail.wake()
}

test('a mail arrives as text and HTML, from the sender that is set, and its row is gone', async () => {
  const { email } = await signUp(stack)
  await askForReset(email)

  const received = await mail.next(email)
  expect(received).toMatchObject({ from: 'no-reply@acme.org', subject: 'Choose a new password' })
  expect(received.headers).toMatch(/^Auto-Submitted: auto-generated$/m)
  expect(received.html).toContain(linkIn(received).token)
  expect(linkIn(received)).toMatchObject({ page: '/reset-password', email })
  await until(async () => (await waiting(email)).length === 0)
})

test('a mail is written in the language of the page that caused it', async () => {
  const { email } = await signUp(stack)
  await askForReset(email, { 'accept-language': 'de-AT,de;q=0.9,en;q=0.8' })
  expect((await mail.next(email)).subject).toBe('Wählen Sie ein neues Passwort')
})

test('the outbox holds no link and no token', async () => {
  const { email } = await signUp(stack)
  mail.behave('hang-up')
  await askForReset(email)
  const received = await mail.next(email)
  await until(async () => (await waiting(email))[0]?.linkSalt != null)
  const [row] = await stack.sql('SELECT m::text AS "all" FROM "mailOutbox" m WHERE recipient = $1', [email])
  const [link] = await stack.sql('SELECT count(*)::int AS n FROM verification v WHERE v::text LIKE $1', [
    `%${linkIn(received).token}%`,
  ])
  expect(String(row?.all)).not.toContain(linkIn(received).token)
  expect(link?.n).toBe(0)
})

test('an address without an account gets nothing, and its row is gone', async () => {
  const email = newAddress()
  await askForReset(email)
  await until(async () => (await waiting(email)).length === 0)
  expect(mail.to(email)).toEqual([])
})

test('a mail server that is away delays no response and loses nothing', async () => {
  const { email } = await signUp(stack)
  await mail.stop()
  try {
    await askForReset(email)
    await untilPutOff(email)
  } finally {
    await mail.start()
  }
  expect(mail.to(email)).toEqual([])
  await makeDue(email)
  expect(linkIn(await mail.next(email)).token).toMatch(/^[\w-]{43}$/)
})

test('a mail that is refused for now is sent later, with pauses that grow', async () => {
  const { email } = await signUp(stack)
  mail.behave(451)
  await askForReset(email)
  const pauses: number[] = []
  for (const attempt of [1, 2, 3]) {
    await until(async () => (await waiting(email))[0]?.attempts === attempt)
    await untilPutOff(email)
    pauses.push(await pauseOf(email))
    if (attempt < 3) await makeDue(email)
  }
  expect(pauses[0]).toBeLessThanOrEqual(10)
  expect(pauses[2]).toBeGreaterThan(pauses[0] ?? 0)
  mail.behave('accept')
  await makeDue(email)
  await mail.next(email)
})

/** Seconds until the next attempt; during one it is the lease of five minutes. */
async function pauseOf(recipient: string): Promise<number> {
  const [row] = await stack.sql<{ pause: string }>(
    'SELECT extract(epoch FROM "nextAttemptAt" - now()) AS pause FROM "mailOutbox" WHERE recipient = $1',
    [recipient],
  )
  return Number(row?.pause ?? 0)
}

test('a mailbox that does not exist is given up at once, and the log names nobody', async () => {
  const { email } = await signUp(stack)
  mail.behave(550)
  await askForReset(email)
  await until(() => stack.lines.some((line) => line.includes('a mail was given up')))
  await until(async () => (await waiting(email)).length === 0)
  expect(stack.lines.join('\n')).not.toContain(email)
})

test('a mail that has waited for four days is given up', async () => {
  const { email } = await signUp(stack)
  mail.behave(451)
  await askForReset(email)
  await until(async () => (await waiting(email))[0]?.attempts === 1)
  await stack.sql(`UPDATE "mailOutbox" SET "createdAt" = now() - interval '3 days 23 hours' WHERE recipient = $1`, [
    email,
  ])
  await makeDue(email)
  await until(async () => (await waiting(email))[0]?.attempts === 2)
  await untilPutOff(email)
  await stack.sql(`UPDATE "mailOutbox" SET "createdAt" = now() - interval '4 days 1 hour' WHERE recipient = $1`, [
    email,
  ])
  await makeDue(email)
  await until(async () => (await waiting(email)).length === 0)
  expect(mail.to(email)).toEqual([])
})

describe('where it is not known whether a mail was taken', () => {
  test('it is sent again as the same mail, with the same link', async () => {
    const { email } = await signUp(stack)
    mail.behave('hang-up')
    await askForReset(email)
    const first = await mail.next(email)
    await untilPutOff(email)
    mail.behave('accept')
    await makeDue(email)

    const second = await mail.next(email, 2)
    expect(second.messageId).toBe(first.messageId)
    expect(linkIn(second)).toEqual(linkIn(first))
  })

  test('it is not sent again when its link was used meanwhile: a used link stays used', async () => {
    const { email } = await signUp(stack)
    mail.behave('hang-up')
    await askForReset(email)
    const { token } = linkIn(await mail.next(email))
    await untilPutOff(email)
    mail.behave('accept')
    const reset = (newPassword: string) =>
      createClient(stack).post('/api/auth/reset-password', { body: { token, newPassword } })
    expect((await reset('another password')).status).toBe(200)
    await makeDue(email)
    await until(async () => (await waiting(email)).every(({ kind }) => kind !== 'reset-password'))
    expect((await reset('a third password')).status).toBe(400)
    expect(mail.to(email).filter(({ subject }) => subject === 'Choose a new password')).toHaveLength(1)
  })

  test('a process that died with it leaves it to another one', async () => {
    const { email } = await signUp(stack)
    await mail.stop()
    await askForReset(email)
    await untilPutOff(email)
    await mail.start()
    const other = await startTestServer(stack.variables)
    // What a killed process leaves behind: a claim, which ends.
    await stack.sql('UPDATE "mailOutbox" SET "nextAttemptAt" = now() WHERE recipient = $1', [email])
    other.mail.wake()
    await mail.next(email)
    await other.stop()
  })
})

test('several servers share the work: a hundred mails arrive once each', async () => {
  const others = await Promise.all([startTestServer(stack.variables), startTestServer(stack.variables)])
  const run = randomUUID()
  await stack.sql(
    `INSERT INTO "mailOutbox" (kind, recipient, language, attempts, "nextAttemptAt", "createdAt")
     SELECT 'account-exists', $1 || n || '@example.com', 'en', 0, now(), now() FROM generate_series(1, 100) n`,
    [run],
  )
  for (const server of [stack, ...others]) server.mail.wake()
  const mine = () => mail.mails.filter(({ to }) => to.startsWith(run))
  await until(() => mine().length >= 100, 20_000)
  await until(async () => {
    const [left] = await stack.sql<{ n: number }>(
      'SELECT count(*)::int AS n FROM "mailOutbox" WHERE recipient LIKE $1',
      [`${run}%`],
    )
    return left?.n === 0
  })
  expect(new Set(mine().map(({ to }) => to)).size).toBe(100)
  expect(mine()).toHaveLength(100)
  await Promise.all(others.map((server) => server.stop()))
})

test('the metrics count what was sent, and what waits', async () => {
  const { email } = await signUp(stack)
  await askForReset(email)
  await mail.next(email)
  await until(async () => (await waiting(email)).length === 0)
  const metrics = await stack.registry.metrics()
  expect(metrics).toMatch(/mail_attempts_total\{outcome="sent",kind="reset-password"\} [1-9]/)
  expect(metrics).toMatch(/^mail_queue_length \d+$/m)
  expect(metrics).toMatch(/^mail_queue_oldest_seconds \d/m)
})
