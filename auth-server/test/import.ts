import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach } from 'vitest'
import { importUsers } from '../src/importer/import-users.ts'
import { readOptions } from '../src/importer/options.ts'
import type { OpenExport, ReadRow, Row, SourceUser, System } from '../src/importer/system.ts'
import { createTerminal } from '../src/importer/terminal.ts'
import { createLog } from '../src/log.ts'
import { migrate } from '../src/migrations/migrate.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'

/** For the tests of one file: migrated, and without users before each of them. */
export async function importDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase()
  afterAll(() => database.drop())
  beforeEach(() => database.sql('TRUNCATE "user", account, session, auth_import, audit_event CASCADE'))
  await migrate(database.env(), createLog({ LOG_LEVEL: 'silent' }))
  return database
}

/** A system whose rows are users in our words, as far as a test gives them. */
const OLD_SYSTEM: System = {
  ...{ name: 'old', title: 'the old system', exports: 'rows', takes: ['legacy-key', 'table'] },
  role: ({ name }) => {
    if (name === 'users') return { kind: 'users', id: (row) => textOf(row.id) }
    return name === 'identities' ? { kind: 'identities', userId: (row) => textOf(row.user) } : null
  },
  user: (row, attached) => ({
    ...{ oldId: textOf(row.id) ?? '', email: textOf(row.email), name: textOf(row.name), image: textOf(row.image) },
    emailVerified: row.verified === undefined ? true : (row.verified as boolean | null),
    createdAt: typeof row.created === 'string' ? new Date(row.created) : null,
    isAdmin: row.admin === true,
    banned: row.banned === true,
    banExpires: typeof row.until === 'string' ? new Date(row.until) : null,
    password: passwordOf(row),
    accounts: (attached.identities ?? []).map((one) => ({
      providerId: String(one.provider),
      accountId: String(one.account),
    })),
    skip: row.deleted === true ? 'deleted' : null,
    remarks: row.phone === undefined ? [] : ['phone-lost'],
  }),
}

const textOf = (value: unknown) => (value === undefined || value === null ? null : String(value))

function passwordOf(row: Row): SourceUser['password'] {
  if (typeof row.digest === 'string') {
    return { kind: 'digest', envelope: 'old:wrapped:md5', digest: row.digest, format: 'wrapped-digest' }
  }
  if (typeof row.hash !== 'string') return { kind: 'none' }
  return { kind: row.hash.startsWith('$1$') ? 'weak' : 'hash', hash: row.hash, format: 'any' }
}

/** Rows of `users`, and of other tables by their name. */
export function exportOf(users: Iterable<Row> | AsyncIterable<Row>, others: Record<string, Row[]> = {}) {
  return (given: { system: System; settings: Parameters<System['role']>[1] }): OpenExport => {
    async function* rows(): AsyncGenerator<ReadRow> {
      let line = 0
      for (const [name, content] of Object.entries({ ...others, users })) {
        const role = given.system.role({ schema: null, name, columns: [] }, given.settings)
        for await (const row of content) {
          line += 1
          if (role !== null) yield { role, row, place: { file: 'export', line } }
        }
      }
    }
    return {
      rows: rows(),
      progress: () => undefined,
      usersColumns: () => [],
      seen: () => ({ tables: [], references: [] }),
    }
  }
}

export type Imported = { code: number; text: string; report: Record<string, unknown>[]; csv: string }

/** Runs the import as the command would, and reads what it says. `line`: options besides --from. */
export async function runImport(
  database: TestDatabase,
  line: string,
  open: ReturnType<typeof exportOf>,
  variables: Record<string, string> = {},
): Promise<Imported> {
  const folder = mkdtempSync(join(tmpdir(), 'import-'))
  try {
    const report = join(folder, 'report.jsonl')
    const args = [
      '--from',
      'old',
      'export',
      '--report',
      report,
      '--relative-to',
      folder,
      ...line.split(' ').filter(Boolean),
    ]
    const wanted = readOptions(args, [OLD_SYSTEM])
    if (wanted.act !== 'import') throw new Error('no import')
    let text = ''
    const write = (part: string | Uint8Array) => {
      text += String(part)
      return true
    }
    const terminal = createTerminal({ write })
    const code = await importUsers({ env: database.env(variables), options: wanted.options, terminal, open })
    if (wanted.options.report !== report)
      return { code, text, report: [], csv: readFileSync(join(folder, 'report.csv'), 'utf8') }
    const lines = readFileSync(report, 'utf8').split('\n').filter(Boolean)
    return { code, text, report: lines.map((one) => JSON.parse(one) as Record<string, unknown>), csv: '' }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
