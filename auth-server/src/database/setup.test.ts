import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, expect, test } from 'vitest'
import { adminUrl, asAdmin } from '../../test/database.ts'
import { startProxy } from '../../test/proxy.ts'
import { type Env, readEnv } from '../env.ts'
import { createLog } from '../log.ts'
import { setupDatabase } from './setup.ts'

const DENIED = { code: '42501' }
const silent = createLog({ LOG_LEVEL: 'silent' })
const made: Names[] = []
afterAll(async () => {
  for (const { database, owner, backend } of made) {
    await asAdmin(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(database)} WITH (FORCE)`)
    for (const role of [owner, backend]) await asAdmin(`DROP ROLE IF EXISTS ${pg.escapeIdentifier(role)}`)
  }
})

test('both roles can sign in, the owner owns the database, and the backend may create its tables', async () => {
  const { env, names } = plan()
  await setupDatabase(env, silent)
  const [owned] = await query(
    env.DATABASE_URL,
    'SELECT pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname = current_database()',
  )
  expect(owned).toEqual({ owner: names.owner })
  expect(await query(env.BACKEND_DATABASE_URL ?? '', 'CREATE TABLE app.mine (id int)')).toEqual([])
  await expect(query(env.BACKEND_DATABASE_URL ?? '', 'CREATE TABLE public.mine (id int)')).rejects.toMatchObject(DENIED)
})

test('is safe to repeat, and to run five times at once', async () => {
  const { env } = plan()
  await Promise.all(Array.from({ length: 5 }, () => setupDatabase(env, silent)))
  await setupDatabase(env, silent)
  expect(await query(env.DATABASE_URL, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
})

test('a changed password is taken over, and the old one is refused', async () => {
  const { env, names } = plan()
  await setupDatabase(env, silent)
  const changed = plan({ ...names, password: 'another' }).env
  await setupDatabase(changed, silent)
  expect(await query(changed.DATABASE_URL, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  await expect(query(env.DATABASE_URL, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' })
})

test('names and passwords that need quoting are quoted', async () => {
  const suffix = randomBytes(4).toString('hex')
  const { env } = plan({
    database: `Data "base" ${suffix}`,
    owner: `O'Brien "${suffix}"; --`,
    backend: `back\\end ${suffix}`,
    password: `'; DROP ROLE "x"; -- \\ %41 ü${suffix}`,
  })
  await setupDatabase(env, silent)
  expect(await query(env.DATABASE_URL, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  expect(await query(env.BACKEND_DATABASE_URL ?? '', 'SELECT 1 AS one')).toEqual([{ one: 1 }])
})

test('the password is neither in our log nor sent to the server, which might log it', async () => {
  const sent: Buffer[] = []
  const { host, port } = new pg.Client(adminUrl())
  const proxy = await startProxy({ host, port }, (bytes) => sent.push(bytes))
  const through = new URL(adminUrl())
  through.port = String(proxy.port)
  const { env, names } = plan(undefined, through.href)
  const lines: string[] = []

  await setupDatabase(env, createLog({ LOG_LEVEL: 'trace' }, { write: (line) => void lines.push(line) }))
  await proxy.close()

  expect(lines.join()).toContain('are set up')
  expect(lines.join()).not.toContain(names.password)
  expect(Buffer.concat(sent).toString()).toContain('SCRAM-SHA-256$4096:')
  expect(Buffer.concat(sent).toString()).not.toContain(names.password)
})

test('an administrator who is no superuser suffices', async () => {
  const { names } = plan()
  const admin = `admin_${names.owner}`
  await asAdmin(`CREATE ROLE "${admin}" LOGIN CREATEROLE CREATEDB PASSWORD 'x'`)
  const url = new URL(adminUrl())
  url.username = admin
  url.password = 'x'
  const { env } = plan(names, url.href)
  try {
    await setupDatabase(env, silent)
    await setupDatabase(env, silent)
    expect(await query(env.DATABASE_URL, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  } finally {
    await asAdmin(`REASSIGN OWNED BY "${admin}" TO CURRENT_USER`)
    await asAdmin(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(names.database)} WITH (FORCE)`)
    await asAdmin(`DROP OWNED BY "${admin}"`)
    await asAdmin(`DROP ROLE "${admin}"`)
  }
})

test('a server that is still starting is waited for; a wrong password is not', async () => {
  const { host, port } = new pg.Client(adminUrl())
  const proxy = await startProxy({ host, port })
  await proxy.refuse()
  const through = new URL(adminUrl())
  through.port = String(proxy.port)
  const { env } = plan(undefined, through.href)
  const done = setupDatabase(env, silent)
  setTimeout(() => void proxy.pass(), 700)
  await done
  await proxy.close()
  expect(await query(env.DATABASE_URL, 'SELECT 1 AS one')).toEqual([{ one: 1 }])

  const wrong = new URL(adminUrl())
  wrong.password = 'wrong'
  // After a wait the error would be another: that nobody accepts connections.
  await expect(setupDatabase(plan(undefined, wrong.href).env, silent)).rejects.toMatchObject({ code: '28P01' })
})

type Names = { database: string; owner: string; backend: string; password: string }

function newNames(): Names {
  const suffix = randomBytes(6).toString('hex')
  return {
    database: `test_${suffix}`,
    owner: `auth_${suffix}`,
    backend: `backend_${suffix}`,
    password: `pass-${suffix}`,
  }
}

function plan(names = newNames(), admin = adminUrl()): { env: Env; names: Names } {
  made.push(names)
  const { host, port } = new pg.Client(adminUrl())
  const url = (user: string) =>
    `postgres://${encodeURIComponent(user)}:${encodeURIComponent(names.password)}@${host}:${port}/${encodeURIComponent(names.database)}`
  const env = readEnv({
    NODE_ENV: 'development',
    BETTER_AUTH_SECRET: 'x',
    INTERNAL_TOKEN: 'y',
    DATABASE_URL: url(names.owner),
    BACKEND_DATABASE_URL: url(names.backend),
    DATABASE_ADMIN_URL: admin,
  })
  return { env, names }
}

async function query(url: string, text: string, values: unknown[] = []): Promise<unknown[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query(text, values)).rows
  } finally {
    await client.end()
  }
}
