import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { until } from '../../test/until.ts'
import { createLog } from '../log.ts'
import { createPools } from './pools.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

function recording(changes: Record<string, string>) {
  const lines: { msg: string; statement?: string; milliseconds?: number; pool?: string }[] = []
  const log = createLog({ LOG_LEVEL: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  const pools = createPools(database.env(changes), log)
  return { pools, slow: () => lines.filter(({ msg }) => msg === 'a slow statement') }
}

test('a statement that takes longer is logged with its time and without its values', async () => {
  const canary = randomBytes(8).toString('hex')
  const { pools, slow } = recording({ DATABASE_SLOW_QUERY_MS: '100' })
  const text = 'SELECT $1::text,\n  pg_sleep(0.2)'

  await pools.sessions.query(text, [canary])
  const client = await pools.auth.connect()
  await client.query({ text, values: [canary] })
  await expect(client.query('SELECT $1::text, pg_sleep(0.2), 1/0', [canary])).rejects.toThrow()
  client.release()
  await pools.sessions.query('SELECT $1::text', [canary])
  await pools.end()

  await until(async () => slow().length >= 2)
  expect(slow().slice(0, 2)).toMatchObject([
    { pool: 'sessions', statement: 'SELECT $1::text, pg_sleep(0.2)' },
    { pool: 'auth', statement: 'SELECT $1::text, pg_sleep(0.2)' },
  ])
  expect(slow()[0]?.milliseconds).toBeGreaterThanOrEqual(200)
  expect(JSON.stringify(slow())).not.toContain(canary)
})

test('0 logs none', async () => {
  const { pools, slow } = recording({ DATABASE_SLOW_QUERY_MS: '0' })

  await pools.sessions.query('SELECT pg_sleep(0.2)')
  await pools.end()

  expect(slow()).toEqual([])
})

test('a connection that is idle for longer than DATABASE_IDLE_TIMEOUT_MS is closed', async () => {
  const { pools } = recording({ DATABASE_IDLE_TIMEOUT_MS: '1000' })
  await pools.sessions.query('SELECT 1')
  expect(pools.sessions.totalCount).toBe(1)

  await until(async () => pools.sessions.totalCount === 0)

  await pools.end()
})
