import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { symmetricEncrypt } from 'better-auth/crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, PASSWORD, signUp } from '../../../test/client.ts'
import { ask } from '../../../test/clusters.ts'
import { oldHash } from '../../../test/faults.ts'
import { startTestStack } from '../../../test/harness.ts'
import { OLD_PASSWORD } from '../../../test/old-hashes.ts'
import { PROGRAM } from '../../../test/program-file.ts'
import { examine, type Finding } from '../examine.ts'
import type { TryId } from './kinds.ts'
import { trySubject } from './subject.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack({ RATE_LIMIT_ACCOUNT: '3/900', RATE_LIMIT_DEFAULT: '100000/10' })
})
afterAll(() => stack.stop())

type More = { password?: string; from?: string; settings?: Record<string, string> }

async function look(email: string, { password, from, settings = {} }: More = {}): Promise<Finding[]> {
  const given = { ...stack.variables, RATE_LIMIT_SIGN_IN: '1000/10', ...settings }
  const subjects = [trySubject({ email, password, from })]
  const { findings } = await examine(given, { subjects })
  expect(JSON.stringify(findings)).not.toMatch(/\$argon2|\$2a\$|\$P\$/)
  return findings
}
const idsOf = (findings: Finding[]) => findings.map(({ id }) => id)

type Person = { userId: string; email: string }
const q = (id: string) => `'${id}'`
const MAIL = { SMTP_URL: 'smtp://localhost', MAIL_FROM: 'no-reply@acme.org', MAGIC_LINK: 'false', EMAIL_CODE: 'false' }
const user =
  (set: string) =>
  ({ userId }: Person) =>
    stack.sql(`UPDATE "user" SET ${set} WHERE id = ${q(userId)}`)
const account =
  (set: string) =>
  ({ userId }: Person) =>
    stack.sql(`UPDATE account SET ${set} WHERE "userId" = ${q(userId)}`)

async function app({ userId }: Person, key: string): Promise<void> {
  const secret = await symmetricEncrypt({ key, data: 'x' })
  await stack.sql(`UPDATE "user" SET "twoFactorEnabled" = true WHERE id = ${q(userId)}`)
  await stack.sql(
    `INSERT INTO "twoFactor" (id, secret, "backupCodes", "userId") VALUES (${q(userId)}, ${q(secret)}, '', ${q(userId)})`,
  )
}

async function guessWrong({ email }: Person): Promise<void> {
  for (let tries = 0; tries < 3; tries++) {
    const response = await createClient(stack).post('/api/auth/sign-in/email', {
      body: { email, password: 'wrong password' },
    })
    expect(response.status).toBe(401)
  }
  const refused = await createClient(stack).post('/api/auth/sign-in/email', { body: { email, password: PASSWORD } })
  expect(refused.status).toBe(429)
}

const count = (key: (person: Person) => string, at: number) => (person: Person) =>
  stack.sql(
    `INSERT INTO "rateLimit" (id, key, count, "lastRequest") VALUES (gen_random_uuid()::text, $1, $2, extract(epoch FROM now()) * 1000)`,
    [key(person), at],
  )

/** `ends`: what the finding says to do ends it. */
type Case = [id: TryId, breakIt: (person: Person) => Promise<unknown>, more?: More & { ends?: false }]

// biome-ignore format: a table reads by rows
const CASES: Case[] = [
  ['try-other-case', user(`email = upper(email)`)],
  ['try-other-case', user(`email = email || ' '`)],
  ['try-banned', user(`banned = true`)],
  ['try-banned', user(`banned = true, "banExpires" = now() + interval '1 day'`)],
  ['try-banned', user(`banned = true, "banExpires" = 'infinity'`)],
  ['try-unverified', async () => undefined, { settings: { ...MAIL, REQUIRE_EMAIL_VERIFICATION: 'true' } }],
  ['try-no-password', account(`password = NULL`), { ends: false }],
  ['try-account-id', account(`"accountId" = 'elsewhere@acme.org'`), { ends: false }],
  ['try-hash-unreadable', account(`password = '5f4dcc3b5aa765d61d8327deb882cf99'`), { ends: false }],
  ['try-key-missing', account(`password = ${oldHash('devise')}`), { ends: false }],
  ['try-guesses', guessWrong],
  ['try-network-address', count(() => '192.0.2.9|/sign-in/email', 1000), { from: '192.0.2.9' }],
  ['try-second-factor-lost', user(`"twoFactorEnabled" = true`)],
  ['try-second-factor-lost', (person) => app(person, 'another secret')],
  ['try-second-factor-locked', async (person) => {
    await app(person, stack.variables.BETTER_AUTH_SECRET ?? '')
    await count(({ userId }) => `second-factor|${userId}`, 10)(person)
  }],
]

test.each(CASES)(
  '%s: it is said, and what it says to do ends it',
  async (id, breakIt, { ends = true, ...more } = {}) => {
    const person = await signUp(stack)
    expect(idsOf(await look(person.email))).toEqual([])
    await breakIt(person)
    const findings = await look(person.email, more)
    const found = findings.find((finding) => finding.id === id)
    expect([idsOf(findings), found?.severity]).toEqual([expect.arrayContaining([id]), 'error'])
    if (!ends) return
    for (const { text: statement } of found?.fix ?? []) await ask(stack.database.ownerUrl, statement)
    expect(idsOf(await look(person.email, more))).not.toContain(id)
  },
)

test('what a sign-in does with capitals and blanks around is done here', async () => {
  const { email } = await signUp(stack)
  expect(await look(` ${email.toUpperCase()} `)).toEqual([])
  expect(idsOf(await look('nobody'))).toEqual(['try-no-address'])
})

test('an address of nobody is told from one that was given up, or deleted', async () => {
  expect(idsOf(await look('nobody@acme.org', { settings: { SIGN_UP: 'closed' } }))).toEqual([
    'try-no-account',
    'try-sign-up-closed',
  ])
  const { userId } = await signUp(stack)
  await stack.sql(
    `INSERT INTO audit_event (id, type, "userId", details, "createdAt") VALUES ('c', 'email-changed', $1, '{"from": "former@acme.org", "to": "now@acme.org"}', now())`,
    [userId],
  )
  expect(idsOf(await look('former@acme.org'))).toEqual(['try-address-changed'])
  await stack.sql(`DELETE FROM "user" WHERE id = $1`, [userId])
  expect(idsOf(await look('former@acme.org'))).toEqual(['try-deleted'])
})

test('other ways in are named, and none is told from one that is not configured', async () => {
  const { email, userId } = await signUp(stack)
  expect(idsOf(await look(email, { settings: { ...MAIL, MAGIC_LINK: 'true' } }))).toEqual(['try-other-ways'])
  await stack.sql(`UPDATE account SET "providerId" = 'gitlab' WHERE "userId" = $1`, [userId])
  expect(idsOf(await look(email))).toEqual(['try-no-password', 'try-no-way-in'])
})

test('a second factor that works keeps nobody out', async () => {
  const person = await signUp(stack)
  await app(person, stack.variables.BETTER_AUTH_SECRET ?? '')
  const [found] = await look(person.email)
  expect([found?.id, found?.severity]).toEqual(['try-second-factor', 'info'])
})

test('a password is compared as a sign-in compares it, in every format', async () => {
  const { email, userId } = await signUp(stack)
  expect(idsOf(await look(email, { password: PASSWORD }))).toEqual(['try-password-right'])
  expect((await look(email, { password: `${PASSWORD} ` })).map(({ id, what }) => [id, what])).toEqual([
    ['try-password-wrong', expect.stringContaining('right without the blanks')],
  ])
  await stack.sql(`UPDATE account SET password = ${oldHash('phpass')} WHERE "userId" = $1`, [userId])
  const [found] = await look(email, { password: OLD_PASSWORD })
  expect([found?.id, found?.what]).toEqual(['try-password-right', expect.stringContaining('phpass')])
})

test('nothing is counted, recorded or changed by it', async () => {
  const { email } = await signUp(stack)
  const state = () =>
    stack.sql(
      `SELECT (SELECT count(*) FROM session) s, (SELECT count(*) FROM audit_event) e, (SELECT coalesce(sum(count), 0) FROM "rateLimit") r, (SELECT max("updatedAt") FROM account) a`,
    )
  const before = await state()
  for (let tries = 0; tries < 4; tries++) await look(email, { password: 'wrong password' })
  expect(await state()).toEqual(before)
})

/** The program, with a password that is piped in. */
async function program(args: string[], input: string) {
  const child = spawn(process.execPath, [PROGRAM, 'doctor', ...args], {
    env: { PATH: process.env.PATH, ...stack.variables } as unknown as NodeJS.ProcessEnv,
  })
  child.stdin.end(input)
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code: child.exitCode, output, errors }
}

test('a password comes from a pipe, and the exit code says whether anything keeps the user out', async () => {
  const { email } = await signUp(stack)
  const right = await program(['--try', email, '--password-stdin'], `${PASSWORD}\n`)
  expect([right.code, right.output]).toEqual([0, expect.stringContaining('Nothing keeps this user out.')])
  const wrong = await program(['--try', email, '--password-stdin', '--json'], 'canary')
  expect([wrong.code, JSON.parse(wrong.output)]).toEqual([2, expect.objectContaining({ result: 'error' })])
  expect(wrong.output + wrong.errors).not.toContain('canary')
})

test.each([
  [['--tyr', 'a@b.de']],
  [['--from', '192.0.2.1']],
  [['--try', 'a@b.de', '--from', '192.0.2.256']],
  [['--backend', 'api']],
  [['a@b.de']],
])('%j is answered with the usage', async (args) => {
  const { code, errors } = await program(args, '')
  expect([code, errors]).toEqual([64, expect.stringContaining('doctor --try EMAIL')])
})
