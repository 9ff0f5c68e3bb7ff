import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, startPrimary } from '../../../test/clusters.ts'
import { type Practice, startPractice } from '../../../test/doctor.ts'
import { run, testFaults } from '../../../test/faults.ts'

let clusters: Awaited<ReturnType<typeof startPrimary>>
let practice: Practice
let addresses: Awaited<ReturnType<typeof clusters.addStandby>>

/** A standby of their own: the shared server has none. */
beforeAll(async () => {
  clusters = await startPrimary({ max_prepared_transactions: '5' })
  addresses = await clusters.addStandby()
  practice = await startPractice({}, addresses.primary.adminUrl)
  practice.shell('auth-server migrate')
}, 60_000)
afterAll(async () => {
  await practice.stop()
  await clusters.stop()
})

const idsOf = async (subject: string, options = {}) => (await practice.look([subject], options)).map(({ id }) => id)

test('replication-asynchronous: a standby that no commit waits for, until it does', async () => {
  const [found] = await practice.look(['Replication'])
  expect(found?.id).toBe('replication-asynchronous')
  for (const fix of found?.fix ?? []) await practice.follow(fix)
  await expect.poll(() => idsOf('Replication')).toEqual([])
  await ask(addresses.primary.adminUrl, 'ALTER SYSTEM RESET synchronous_standby_names')
  await ask(addresses.primary.adminUrl, 'SELECT pg_reload_conf()')
})

// Everybody who looks at this server finds it.
testFaults(
  () => practice,
  [['slot-inactive', 'Replication', run(`SELECT pg_create_physical_replication_slot('unused')`)]],
)

test('database-standby: the address of a standby', async () => {
  const before = { ...practice.variables }
  const url = new URL(before.DATABASE_URL ?? '')
  url.port = String(addresses.standby.port)
  await expect
    .poll(() =>
      ask(addresses.standby.adminUrl, `SELECT datname FROM pg_database WHERE datname = '${url.pathname.slice(1)}'`),
    )
    .toHaveLength(1)
  practice.variables = { ...before, DATABASE_URL: url.href, DATABASE_URL_DIRECT: url.href }
  await expect.poll(() => idsOf('Replication')).toContain('database-standby')
  practice.variables = before
  expect(await idsOf('Replication')).not.toContain('database-standby')
})

test('transaction-prepared: what it names ends it', async () => {
  await practice.sql(`BEGIN; CREATE TABLE t (); PREPARE TRANSACTION 'left'`)
  const late = { now: () => Date.now() + 3_600_000 }
  const found = (await practice.look(['Database'], late)).find(({ id }) => id === 'transaction-prepared')
  for (const fix of found?.fix ?? []) await practice.follow(fix)
  expect(found?.what).toContain('left')
  expect(await idsOf('Database', late)).not.toContain('transaction-prepared')
})
