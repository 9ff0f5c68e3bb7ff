import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { type StagedUser, stage, stagedUsers } from './staging.ts'
import type { ReadRow, Row } from './system.ts'

let database: TestDatabase
let client: pg.Client
beforeAll(async () => {
  database = await createTestDatabase()
  client = new pg.Client({ connectionString: database.ownerUrl })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await database.drop()
})
beforeEach(() => client.query('DISCARD TEMP'))

const place = { file: 'export', line: 1 }
const user = (row: Row): ReadRow => ({ role: { kind: 'users', id: ({ id }) => String(id) }, row, place })
const attached = (kind: string, row: Row): ReadRow => ({ role: { kind, userId: ({ of }) => String(of) }, row, place })

async function pagesOf(rows: ReadRow[]): Promise<StagedUser[][]> {
  async function* all() {
    yield* rows
  }
  await stage(client, all(), () => undefined)
  const pages: StagedUser[][] = []
  for await (const page of stagedUsers(client)) pages.push(page)
  return pages
}

/** Two of them fit into a page, and a third begins there. */
const long = 'x'.repeat(900_000)

test('users come in pages of a bounded size, whether they or their other rows are large', async () => {
  const small = Array.from({ length: 600 }, (_, id) => user({ id }))
  const large = Array.from({ length: 4 }, (_, index) => user({ id: `large ${index}`, bio: long }))
  const heavy = ['a', 'b', 'c', 'd'].flatMap((id) => [user({ id }), attached('teams', { of: id, about: long })])
  const pages = await pagesOf([...small, ...large, ...heavy])

  expect(pages.map(({ length }) => length)).toEqual([500, 103, 3, 2])
  expect(pages.flat().map(({ key }) => key)).toEqual([
    ...Array.from({ length: 600 }, (_, id) => String(id)),
    ...['large 0', 'large 1', 'large 2', 'large 3', 'a', 'b', 'c', 'd'],
  ])
  expect(pages.flat().at(-1)?.attached).toEqual({ teams: [{ of: 'd', about: long }] })
})

test('many rows of one kind hide none of another, and of each kind only so much is looked at', async () => {
  const pages = await pagesOf([
    ...Array.from({ length: 150 }, (_, index) => attached('teams', { of: 'a', index })),
    ...Array.from({ length: 3 }, () => attached('notes', { of: 'a', text: long })),
    attached('identities', { of: 'a', provider: 'google' }),
    attached('large', { of: 'a', text: long + long + long }),
    user({ id: 'a' }),
    user({ id: 'b' }),
  ])
  const [{ attached: ofA } = { attached: {} }, b] = pages.flat()

  const counts = Object.entries<Row[]>(ofA).map(([kind, rows]) => [kind, rows.length])
  expect(Object.fromEntries(counts)).toEqual({ teams: 100, notes: 2, identities: 1, large: 1 })
  expect(b?.attached).toEqual({})
})
