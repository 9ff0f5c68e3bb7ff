import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Practice, startPractice } from '../../test/doctor.ts'
import { startProxy } from '../../test/proxy.ts'
import { readEnv } from '../env.ts'
import { CHECKS } from './checks.ts'
import { examine } from './examine.ts'
import { shell, subject } from './finding.ts'
import { renderJson } from './json.ts'
import { createReader } from './reader.ts'
import { renderReport } from './render.ts'
import { exitCodeOf } from './severity.ts'

let practice: Practice
beforeAll(async () => {
  practice = await startPractice({ PUBLIC_URL: 'http://localhost:3000' })
  practice.shell('auth-server migrate')
})
afterAll(() => practice.stop())

const PLAIN = { isColoured: false, width: 100 }

test.each([
  ['nobody listens', 'postgres://auth:canary@127.0.0.1:1/app', 'ECONNREFUSED'],
  ['the password is wrong', '', '28P01'],
])('database-unreachable: where %s, it is one finding, and the rest goes on', async (_, url, reason) => {
  const wrong = url || (practice.variables.DATABASE_URL ?? '').replace(/:[^:@/]+@/, ':canary@')
  const report = await examine({ ...practice.variables, DATABASE_URL: wrong, DATABASE_URL_DIRECT: wrong })
  expect(report.findings.map(({ id, what }) => [id, what])).toEqual([
    ['database-unreachable', expect.stringContaining(reason)],
  ])
  expect(exitCodeOf(report.findings)).toBe(2)
  const output = renderReport(report, CHECKS, PLAIN) + renderJson(report)
  expect(output).toMatch(/– Schema +not looked at/)
  expect(output).not.toContain('canary')
})

test('pool-unreachable: DATABASE_URL alone leads nowhere, and that is one finding', async () => {
  const direct = practice.variables.DATABASE_URL ?? ''
  const given = { ...practice.variables, DATABASE_URL_DIRECT: direct, DATABASE_URL: direct.replace(/:\d+\//, ':1/') }
  expect((await examine(given)).findings.map(({ id, what }) => [id, what])).toEqual([
    ['pool-unreachable', expect.stringContaining('ECONNREFUSED')],
  ])
})

test('a server that hangs is given up on', async () => {
  const proxy = await startProxy(practice.database)
  proxy.hold()
  const url = new URL(practice.variables.DATABASE_URL ?? '')
  url.port = String(proxy.port)
  const given = { ...practice.variables, DATABASE_URL: url.href, DATABASE_URL_DIRECT: url.href }
  const { findings } = await examine(given, { subjects: CHECKS.filter(({ title }) => title === 'Schema') })
  await proxy.close()
  expect(findings.map(({ id }) => id)).toEqual(['database-unreachable'])
})

test('check-failed: a check that throws or hangs is a finding, and the others are made', async () => {
  const made = subject({
    title: 'Mine',
    good: 'fine',
    kinds: { mine: { severity: 'info', why: 'Because.' } },
    checks: [
      {
        name: 'throws',
        of: 'database',
        run: async (reader) => {
          await reader.read((query) => query('SELECT 1 / 0'))
          return []
        },
      },
      { name: 'hangs', of: 'network', run: () => new Promise<never>(() => undefined) },
      {
        name: 'works',
        of: 'database',
        run: async () => [{ id: 'mine' as const, what: 'Found.', fix: [shell('true')] }],
      },
    ],
  })
  const { findings, checks } = await examine(practice.variables, { subjects: [made], checkMs: 2000 })
  expect(findings.map(({ id, what }) => [id, what])).toEqual([
    ['check-failed', expect.stringContaining('division by zero')],
    ['check-failed', expect.stringContaining('no result within')],
    ['mine', 'Found.'],
  ])
  expect(checks.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'found'])
})

test('it may only read, and waits for no lock', async () => {
  const env = readEnv(practice.variables)
  const reader = createReader(env, 'DATABASE_URL', env.DATABASE_URL)
  await expect(reader.read((query) => query('DELETE FROM public."user"'))).rejects.toMatchObject({ code: '25006' })
  const proxy = await startProxy(practice.database)
  await practice.sql('CREATE TABLE public.locked ()')
  const holder = practice.sql('BEGIN; LOCK public.locked; SELECT pg_sleep(0.5); COMMIT')
  await reader.read((query) => query(`SELECT pg_sleep(0.05)`))
  await expect(reader.read((query) => query('SELECT FROM public.locked'))).rejects.toMatchObject({
    code: expect.stringMatching(/55P03|42501/),
  })
  await holder
  await practice.sql('DROP TABLE public.locked')
  await reader.end()
  await proxy.close()
})

test('settings that are refused keep nothing else from being looked at', async () => {
  const { BETTER_AUTH_SECRET: _, ...without } = practice.variables
  await practice.sql('GRANT SELECT ON session TO PUBLIC')
  const { findings } = await examine({ ...without, AUTH_PORT: 'x', BETTER_AUTH_SECRT: 'canary' })
  await practice.sql('REVOKE SELECT ON session FROM PUBLIC')
  expect(findings.map(({ id }) => id)).toEqual([
    ...['setting-refused', 'setting-refused', 'setting-misspelt', 'backend-reads-secrets'],
  ])
  expect(findings.map(({ fix }) => fix[0]?.text)).toContain(
    'export BETTER_AUTH_SECRET="$BETTER_AUTH_SECRT"; unset BETTER_AUTH_SECRT',
  )
})

test('the report is coloured on a terminal alone, aligned, and has one line for all', async () => {
  await practice.sql('GRANT SELECT ON session TO PUBLIC')
  const bad = await examine(practice.variables)
  await practice.sql('REVOKE SELECT ON session FROM PUBLIC')
  const good = await examine(practice.variables)

  expect(renderReport(good, CHECKS, PLAIN)).toMatch(/✓ All good\. \(\d+ checks in [\d.]+ s\)\n/)
  const text = renderReport(bad, CHECKS, PLAIN)
  expect(text).toMatch(/✗ Roles +1 error\n/)
  expect(text).toContain('REVOKE SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON "public"."session" FROM PUBLIC;')
  expect(text).toMatch(/\n {2}1 error\. \(/)
  expect(text).not.toContain('\u001b[')
  expect(renderReport(bad, CHECKS, { ...PLAIN, isColoured: true })).toContain('\u001b[31m')
  expect(JSON.parse(renderJson(bad))).toMatchObject({
    version: 1,
    result: 'error',
    counts: { error: 1, warning: 0, info: 0 },
    findings: [{ id: 'backend-reads-secrets', subject: 'Roles', fix: [{ kind: 'sql' }] }],
  })
  expect([
    exitCodeOf(good.findings),
    exitCodeOf([{ severity: 'info' }]),
    exitCodeOf([{ severity: 'warning' }]),
  ]).toEqual([0, 0, 1])
})

test('what a terminal would obey in a stored name is written out', async () => {
  const provider = 'acme\u001b]0;canary\u0007\u202e'
  await practice.sql(`
    INSERT INTO "user" (id, name, email, "emailVerified") VALUES ('odd', 'odd', 'odd@acme.org', true);
    INSERT INTO account (id, "userId", "accountId", "providerId", "updatedAt") VALUES ('odd', 'odd', 'odd', '${provider}', now())`)
  const report = await examine(practice.variables, { subjects: CHECKS.filter(({ title }) => title === 'Users') })
  await practice.sql(`DELETE FROM "user" WHERE id = 'odd'`)
  const text = renderReport(report, CHECKS, PLAIN)
  expect(text).toContain(String.raw`WHERE "providerId" = 'acme\u{1b}]0;canary\u{7}\u{202e}'`)
  expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u)
})
