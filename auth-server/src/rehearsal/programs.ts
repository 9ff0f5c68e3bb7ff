import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { ClientBase } from 'pg'
import { DatabaseTaskFailed } from '../database/task.ts'
import { parseDatabaseUrl } from '../database/url.ts'
import type { Env } from '../env.ts'

type Program = { isUsable: true; version: string } | { isUsable: false; why: string }

/** An older pg_dump refuses a newer server. */
export async function usableProgram(client: ClientBase): Promise<Program> {
  const { rows } = await client.query<{ major: number }>(
    `SELECT pg_catalog.current_setting('server_version_num')::int / 10000 AS "major"`,
  )
  const needed = rows[0]?.major ?? 0
  const version = await versionOf('pg_dump')
  if (version === undefined) return { isUsable: false, why: `pg_dump ${needed} is not installed here` }
  if (Number.parseInt(version, 10) >= needed) return { isUsable: true, version }
  return { isUsable: false, why: `pg_dump here is ${version}, too old for PostgreSQL ${needed}` }
}

async function versionOf(program: string): Promise<string | undefined> {
  const child = spawn(program, ['--version'], { stdio: ['ignore', 'pipe', 'ignore'] })
  const failed = new Promise<undefined>((resolve) => child.once('error', () => resolve(undefined)))
  const output = await Promise.race([text(child.stdout), failed])
  return / (\d+[\d.]*)/.exec(output ?? '')?.[1]
}

type Given = { env: Env; source: string; target: string; signal: AbortSignal }

/** One into the other, without a file between. The password is in a file that only this user reads, not in a command line. */
export async function dumpAndRestore({ env, source, target, signal }: Given): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rehearsal-'))
  try {
    const { address } = parseDatabaseUrl('DATABASE_ADMIN_URL', env.DATABASE_ADMIN_URL ?? '')
    const passfile = join(folder, 'pgpass')
    const password = (address.password as string | undefined) ?? ''
    await writeFile(passfile, `*:*:*:*:${password.replaceAll(/[\\:]/g, String.raw`\$&`)}\n`, { mode: 0o600 })
    const at = (database: string) => connectionString(env, database, passfile)
    const dump = spawn('pg_dump', ['--format=custom', '--compress=0', at(source)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
    })
    const restore = spawn('pg_restore', ['--exit-on-error', '--dbname', at(target)], {
      stdio: ['pipe', 'ignore', 'pipe'],
      signal,
    })
    restore.stdin.on('error', () => undefined) // it ended early, and says why itself
    dump.stdout.pipe(restore.stdin)
    await Promise.all([ended('pg_dump', dump, dump.stderr), ended('pg_restore', restore, restore.stderr)])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** What the operator's URL says, but for the password and the database. */
function connectionString(env: Env, database: string, passfile: string): string {
  const url = new URL((env.DATABASE_ADMIN_URL ?? '').replace(/^postgres(?:ql)?(?:\+\w+)?:/, 'postgresql:'))
  url.password = ''
  url.pathname = `/${encodeURIComponent(database)}`
  for (const name of ['password', 'dbname']) url.searchParams.delete(name)
  url.searchParams.set('passfile', passfile)
  if (env.DATABASE_CA_FILE !== undefined) url.searchParams.set('sslrootcert', env.DATABASE_CA_FILE)
  return url.href
}

async function ended(name: string, child: ReturnType<typeof spawn>, errors: NodeJS.ReadableStream): Promise<void> {
  const said = text(errors as never)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new DatabaseTaskFailed(`${name} failed: ${(await said).trim().split('\n').slice(-3).join(' ')}`)
}
