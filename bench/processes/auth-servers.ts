import { join } from 'node:path'
import { repository } from '../../dev/src/paths.ts'
import { freePorts } from '../../dev/src/processes/ports.ts'
import { nodeWithTypeScript } from '../../dev/src/programs.ts'
import type { Bench } from '../bench.ts'
import { type Child, type Program, start } from './child.ts'
import { STACK_DATABASE } from './database.ts'

export type AuthServer = Child & { publicPort: number; internalPort: number; url: string }

const folder = join(repository, 'auth-server')

/**
 * This project's auth server on the measured core, the only one that it sees, so it hashes one password at a
 * time. `with-stack` has built it. `schema`: where its tables are.
 */
export async function startOurs(bench: Bench, schema = 'public'): Promise<AuthServer> {
  const { program, ...ports } = await ourProgram(bench, schema)
  // Live, not ready: a schema with nothing but sessions and users does not count as migrated.
  return { ...ports, ...(await start({ ...program, ready: `${ports.url}/health/live` })) }
}

export async function ourProgram(
  { stack, database, cores }: Pick<Bench, 'stack' | 'database' | 'cores'>,
  schema = 'public',
) {
  const [publicPort = 0, internalPort = 0] = await freePorts(2)
  const url = `http://127.0.0.1:${publicPort}`
  const program: Program = {
    command: [process.execPath, join(folder, 'dist', 'main.js'), 'serve'],
    cwd: folder,
    env: {
      NODE_ENV: 'development', // production requires https addresses; nothing else differs at run time
      BETTER_AUTH_SECRET: stack.secret,
      INTERNAL_TOKEN: stack.internalToken,
      PUBLIC_URL: stack.origin,
      DATABASE_URL: database.url(STACK_DATABASE),
      AUTH_DB_SCHEMA: schema,
      AUTH_PORT: String(publicPort),
      AUTH_INTERNAL_PORT: String(internalPort),
      CLIENT_IP_HEADER: 'x-real-ip', // each sign-in comes from an address of its own, or the rate limit is measured
      RATE_LIMIT_ACCOUNT: '100000/1', // and all of them are to one account, more at once than anybody may guess
    },
    cores: cores.measured,
    ready: `${url}/health/ready`,
  }
  return { program, publicPort, internalPort, url }
}

/** better-auth alone, on the measured core, with a database of its own. Outside of production it limits no rates. */
export async function startBetterAuth({ stack, database, cores }: Bench): Promise<AuthServer> {
  const databaseUrl = await database.create('bench_better_auth')
  const [port = 0] = await freePorts(1)
  const url = `http://127.0.0.1:${port}`
  const child = await start({
    command: [...nodeWithTypeScript, join(folder, 'test', 'better-auth-alone.ts')],
    cwd: folder,
    env: {
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      BETTER_AUTH_SECRET: stack.secret,
    },
    cores: cores.measured,
    ready: `${url}/api/auth/ok`,
  })
  return { publicPort: port, internalPort: port, url, ...child }
}
