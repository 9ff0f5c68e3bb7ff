import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { CHECKS } from '../src/doctor/checks.ts'
import { examine, type Finding } from '../src/doctor/examine.ts'
import type { Fix } from '../src/doctor/finding.ts'
import { readEnv } from '../src/env.ts'
import { createLog } from '../src/log.ts'
import { migrate } from '../src/migrations/migrate.ts'
import { ask } from './clusters.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { PROGRAM } from './program-file.ts'

type Variables = Record<string, string>

/** A database, the settings of its operator, and what they do at their terminal. */
export async function startPractice(changes: Variables = {}, adminAt?: string) {
  const database = await createTestDatabase(adminAt)
  const folder = mkdtempSync(join(tmpdir(), 'doctor-'))
  writeFileSync(join(folder, 'auth-server'), `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`, {
    mode: 0o755,
  })
  const { DATABASE_ADMIN_URL: _, ...variables } = database.variables()
  const own = await passwords(database)
  const practice = {
    database,
    sql: database.sql,
    variables: { ...variables, ...own, ...changes } as Variables,
    /** A command of a finding, in a shell whose variables stay. */
    shell(command: string): void {
      const env = { PATH: `${folder}:${process.env.PATH}`, ...practice.variables } as unknown as NodeJS.ProcessEnv
      const output = execFileSync('sh', ['-ec', `${command}\nenv -0`], {
        env,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      const pairs = output
        .split('\0')
        .map((line) => /^([A-Z][A-Z0-9_]*)=(.*)$/s.exec(line.slice(line.lastIndexOf('\n', line.indexOf('=')) + 1)))
      practice.variables = Object.fromEntries(
        pairs.flatMap((pair) => (pair && !MACHINE.has(pair[1] ?? '') ? [[pair[1], pair[2]]] : [])),
      )
    },
    async look(subjects: readonly string[], options: Parameters<typeof examine>[1] = {}): Promise<Finding[]> {
      const chosen = CHECKS.filter(({ title }) => subjects.includes(title))
      return (await examine(practice.variables, { subjects: chosen, ...options })).findings
    },
    /** Word by word what the finding says, as whoever it names. */
    async follow({ kind, text, as }: Fix): Promise<void> {
      if (text === 'auth-server migrate')
        return migrate(readEnv(practice.variables), createLog({ LOG_LEVEL: 'silent' }))
      if (kind === 'shell') return practice.shell(text)
      await ask(urlOf(practice.variables, as) ?? database.superuserUrl, text)
    },
    /** Of the server's role, begun and left open. */
    async openTransaction(): Promise<pg.Client> {
      const client = new pg.Client(practice.variables.DATABASE_URL)
      client.on('error', () => undefined)
      await client.connect()
      await client.query('BEGIN; SELECT 1')
      return client
    },
    async stop(): Promise<void> {
      rmSync(folder, { recursive: true })
      await database.drop()
    },
  }
  return practice
}

/** Secrets as an operator makes them; the database's roles have one password for all tests. */
async function passwords({ sql, ownerUrl, backendUrl, backendOwnerUrl }: TestDatabase): Promise<Variables> {
  const withOwn = async (address: string) => {
    const url = new URL(address)
    url.password = randomBytes(16).toString('hex')
    await sql(`ALTER ROLE "${url.username}" PASSWORD '${url.password}'`)
    return url.href
  }
  const owner = await withOwn(ownerUrl)
  return {
    DATABASE_URL: owner,
    DATABASE_URL_DIRECT: owner,
    BACKEND_DATABASE_URL: await withOwn(backendUrl),
    BACKEND_MIGRATION_DATABASE_URL: await withOwn(backendOwnerUrl),
    BETTER_AUTH_SECRET: randomBytes(32).toString('hex'),
    INTERNAL_TOKEN: randomBytes(32).toString('hex'),
  }
}

export type Practice = Awaited<ReturnType<typeof startPractice>>

const MACHINE = new Set(['PATH', 'PWD', 'OLDPWD', 'SHLVL', '_'])

/** Undefined: as superuser. */
function urlOf(variables: Variables, as: Fix['as']): string | undefined {
  if (as === undefined) return variables.DATABASE_URL
  return as === 'superuser' ? undefined : variables.BACKEND_MIGRATION_DATABASE_URL
}
