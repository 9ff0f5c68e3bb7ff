import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { exportOf, runImport } from '../../test/import.ts'
import { createLog } from '../log.ts'
import { migrate } from '../migrations/migrate.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await migrate(database.env(), createLog({ LOG_LEVEL: 'silent' }))
})
afterAll(() => database.drop())

test('a name that ends in .csv makes it CSV, and no id a formula of a spreadsheet', async () => {
  const rows = [
    { id: '=1+1', email: 'a@example.com' },
    { id: 'a,"b', email: 'b@example.com' },
    { id: 'c', email: null },
  ]
  const { csv } = await runImport(database, '--report report.csv', exportOf(rows))

  expect(csv.split('\n')).toEqual([
    'line,old_id,outcome,format,reasons',
    "1,'=1+1,import-no-password,,no-password name-from-email",
    '2,"a,""b",import-no-password,,no-password name-from-email',
    '3,c,skip,,no-email',
    '',
  ])
})

test('where nobody is new, that is said, and there is no run', async () => {
  const rows = [
    { id: '1', email: 'a@example.com' },
    { id: '2', email: null },
  ]
  await runImport(database, '--apply', exportOf(rows))
  const { code, text } = await runImport(database, '--apply', exportOf(rows))

  expect([code, text]).toEqual([0, expect.stringContaining('Nobody is new, and nothing has changed.')])
  expect(text).not.toContain('Run 2')
})

test('a pooler in transaction mode is refused, before anything is read', async () => {
  const { DATABASE_URL = '' } = database.variables()
  const pooled = { DATABASE_POOLER: 'transaction', DATABASE_URL_DIRECT: DATABASE_URL }
  await expect(runImport(database, '', exportOf([]), pooled)).rejects.toThrow('DATABASE_URL_DIRECT is needed')
})
