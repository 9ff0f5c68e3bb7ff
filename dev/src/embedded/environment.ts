import type { Variables } from '../settings/env-file.ts'
import type { ServiceName } from '../stack.ts'

/** What any program needs of the machine. Everything else a service is told comes from the settings. */
const machine = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'TMPDIR',
  'TZ',
  'LANG',
  'LC_ALL',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
]

/** Who is told a secret. What is not listed here is told to all. */
const readers: Record<string, ServiceName[]> = {
  BETTER_AUTH_SECRET: ['auth-server'],
  INTERNAL_TOKEN: ['auth-server', 'backend'],
  DATABASE_URL: ['auth-server'],
  DATABASE_URL_DIRECT: ['auth-server'],
  BACKEND_DATABASE_URL: ['backend'],
  // Only for migrations, which plan.ts gives it to.
  BACKEND_MIGRATION_DATABASE_URL: [],
  DATABASE_ADMIN_URL: [],
  // No secret, but nothing to them either: another MODE is no reason to start anew.
  MODE: [],
  POSTGRES_PASSWORD: [],
  AUTH_DB_PASSWORD: [],
  BACKEND_DB_PASSWORD: [],
  BACKEND_OWNER_DB_PASSWORD: [],
  DEMO_PASSWORD: [],
}

export function machineEnvironment(shell: NodeJS.ProcessEnv): Variables {
  return Object.fromEntries(machine.flatMap((name) => (shell[name] === undefined ? [] : [[name, shell[name]]])))
}

/** What empties out is left away: a variable that is empty and one that is not there mean the same to every service. */
export function serviceVariables(service: ServiceName, variables: Variables): Variables {
  const isFor = (name: string) => readers[name]?.includes(service) ?? true
  return Object.fromEntries(Object.entries(variables).filter(([name, value]) => value !== '' && isFor(name)))
}
