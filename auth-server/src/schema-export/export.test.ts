import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { adminUrl, createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { asOwner } from '../../test/foreign-schemas.ts'
import { exported } from '../commands/schema.ts'
import { createLog } from '../log.ts'
import { migrate, migrationSql } from '../migrations/migrate.ts'

const log = createLog({ LOG_LEVEL: 'silent' })
const DOLLAR = '$'
/** What each language of these has to escape. */
const PLAN = `it's \`free\` ${DOLLAR}{x}`
const FIELDS = [
  { name: 'plan', type: 'string', default: PLAN, required: true, services: true },
  { name: 'preferences', type: 'json', default: { a: [1] }, update: true },
  { name: 'since', type: 'date', default: '2026-01-31T12:00:00.5+02:00' },
  { name: 'birthday', type: 'date', default: 'now' },
  { name: 'seats', type: 'number', default: 1.5 },
  { name: 'githubUsername', type: 'string', unique: true },
  // PostgreSQL writes these back in another form.
  { name: 'text', type: 'string', default: String.raw`a\b :c %s "d"` },
  { name: 'limits', type: 'json', default: { zz: 1, b: true, a: [{ zz: 1e21, a: 'x' }] } },
  ...[-1, -0.5, 1e-7, 1e21, 3e9].map((value, n) => ({ name: `number${n}`, type: 'number', default: value })),
  // Words and names that are something else in the files.
  ...['is', 'metadata', 'datetime', '_', '_1', '_name', 'passkeys'].map((name) => ({
    ...{ name, type: 'string' },
  })),
]
const RENAMED = {
  AUTH_DB_SCHEMA: 'auth',
  // Names of keys are longer than that of their table.
  AUTH_TABLE_NAMES: `plural, snake_case, passkey=${'k'.repeat(60)}`,
  AUTH_COLUMN_NAMES: 'snake_case, user.name=full_name',
  AUTH_USER_FIELDS: JSON.stringify(FIELDS),
}

/** What Alembic would change in the database for the models in a file. */
const ALEMBIC = `
import importlib.util, sys
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
path, url, schema = sys.argv[1:]
spec = importlib.util.spec_from_file_location("auth_tables", path)
module = sys.modules["auth_tables"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
options = {"compare_type": True, "compare_server_default": True, "include_schemas": schema != "public",
           "include_name": lambda name, kind, _: kind != "schema" or name in (None, schema)}
with create_engine(url).connect() as connection:
    for change in compare_metadata(MigrationContext.configure(connection, opts=options), module.AuthBase.metadata):
        print(change)
print(len(module.AuthBase.metadata.tables), "tables")
`
const PYTHON = fileURLToPath(new URL('../../../.venv/bin/python', import.meta.url))

describe.each([
  ['with the default names', {}, 'public'],
  ['with other names, a schema and fields', RENAMED, 'auth'],
])('%s', (_what, settings: Record<string, string>, schema) => {
  let database: TestDatabase
  let folder: string
  beforeAll(async () => {
    database = await createTestDatabase()
    folder = await mkdtemp(join(tmpdir(), 'schema-export-'))
  })
  afterAll(async () => {
    await rm(folder, { recursive: true })
    await database.drop()
  })

  test('the SQL on an empty database leaves migrate nothing to change', async () => {
    const env = database.env(settings)
    await asOwner(database, exported(env, 'sql'))
    expect(await migrationSql(env, log)).toContain('The tables are as this version needs them')
    await migrate(env, log)
  })

  test('Alembic proposes no change for the models of SQLAlchemy', async () => {
    const env = database.env(settings)
    await migrate(env, log)
    const [program, models] = [join(folder, 'compare.py'), join(folder, 'auth_tables.py')]
    await writeFile(program, ALEMBIC)
    await writeFile(models, exported(env, 'sqlalchemy'))
    // As an application's role sees it, whose search_path is PostgreSQL's default.
    const { pathname } = new URL(env.DATABASE_URL)
    const url = adminUrl()
      .replace(/^\w+:/, 'postgresql+psycopg:')
      .replace(/\/[^/]*$/, pathname)
    const { stdout } = await promisify(execFile)(PYTHON, [program, models, url, schema])
    expect(stdout).toMatch(/^\d\d tables\n$/)
  })
})

describe('for other tools', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createTestDatabase()
  })
  afterAll(() => database.drop())

  test('Prisma gets its own names for fields, and those of the database', () => {
    const text = exported(database.env(RENAMED), 'prisma')
    expect(text).toContain('emailVerified Boolean @default(false) @map("email_verified")')
    expect(text).toContain(`plan String @default(${JSON.stringify(PLAN)})`)
    expect(text).toContain(`@default(dbgenerated("'2026-01-31 10:00:00.5+00'::timestamp with time zone"))`)
    expect(text).toContain('onDelete: Cascade, onUpdate: NoAction, map: "sessions_user_id_fkey")')
    expect(text).toMatch(/@@map\("users"\)\n {2}@@schema\("auth"\)/)
  })

  test('Drizzle gets a table in its schema, with what SQL alone can say escaped', () => {
    const text = exported(database.env(RENAMED), 'drizzle')
    expect(text).toContain("export const auth = pgSchema('auth')")
    expect(text).toContain("export const user = auth.table(\n  'users',")
    expect(text).toContain("plan: text('plan').notNull().default(sql")
    expect(text).toContain(`'it''s \\\`free\\\` \\${DOLLAR}{x}'`)
    expect(text).toContain(`uniqueIndex('users_lower_email_key').on(sql\`lower(${DOLLAR}{table.email})\`)`)
    expect(text).toContain(".default(sql`'2026-01-31 10:00:00.5+00'`)")
  })

  test('SQLModel gets columns as SQLAlchemy has them', () => {
    const text = exported(database.env(RENAMED), 'sqlmodel')
    expect(text).toContain('class User(SQLModel, table=True):\n    __tablename__ = "users"')
    expect(text).toContain(
      'email_verified: bool = Field(sa_column=Column("email_verified", Boolean, server_default=text("false"), nullable=False))',
    )
    expect(text).toContain('ForeignKey("auth.users.id", name="sessions_user_id_fkey", ondelete="CASCADE")')
  })
})
