import { readFileSync } from 'node:fs'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { repository } from '../../dev/src/paths.ts'
import { run } from '../../dev/src/processes/run.ts'
import type { Bench } from '../bench.ts'
import { benchPython } from '../processes/python.ts'

/** On what, when and with which versions, as lines of the document. */
export type Circumstances = { machine: string; load: string; versions: string; date: string }

const packages = [
  'fastapi',
  'starlette',
  'uvicorn',
  'uvloop',
  'pydantic',
  'aiohttp',
  'httpx',
  'httpx2',
  'pyjwt',
  'cryptography',
]
const moduleNames = ['better-auth', 'hono', '@hono/node-server', 'pg', '@node-rs/argon2']

/** Read before anything is measured, so that the load is that of other processes. */
export async function readCircumstances({ database }: Bench): Promise<Circumstances> {
  const [postgres] = await database.sql<{ version: string }>("SELECT current_setting('server_version') AS version")
  const python = await run([benchPython, '-c', 'import platform; print(platform.python_version())'])
  const all = [...cpus()]
  return {
    machine: `${all.length} × ${all[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release().replace(/-.*/, '')}`,
    load: loadavg()
      .map((value) => value.toFixed(1))
      .join(', '),
    versions: [
      `Node ${process.version.slice(1)}`,
      `Python ${python.output.trim()}`,
      `PostgreSQL ${postgres?.version ?? 'unknown'}`,
      ...moduleVersions(),
      ...packageVersions(),
    ].join(', '),
    date: new Date().toISOString().slice(0, 10),
  }
}

function moduleVersions(): string[] {
  const { dependencies } = JSON.parse(readFileSync(join(repository, 'auth-server', 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
  }
  return moduleNames.map((name) => `${name} ${dependencies[name]}`)
}

/** Installed is exactly what is locked. */
function packageVersions(): string[] {
  const locked = readFileSync(join(repository, 'bench', 'requirements.txt'), 'utf8')
  const versions = new Map(
    [...locked.matchAll(/^([a-z0-9-]+)==([^\s;]+)/gm)].map(([, name, version]) => [name, version]),
  )
  return [...packages, 'fastapi-users', 'sqlalchemy', 'asyncpg'].map((name) => `${name} ${versions.get(name)}`)
}
