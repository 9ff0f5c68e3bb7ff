import type { Variables } from '../settings/env-file.ts'
import type { ServiceName } from '../stack.ts'

/** What any program needs of the machine. The rest of a child environment comes from the settings. */
const machine = 'PATH HOME USER LOGNAME TMPDIR TZ LANG LC_ALL NODE_EXTRA_CA_CERTS SSL_CERT_FILE SSL_CERT_DIR'.split(' ')

/** Who gets a secret. What is not listed here is in every child environment. */
const readers: Record<string, ServiceName[]> = {
  BETTER_AUTH_SECRET: ['auth-server'],
  INTERNAL_TOKEN: ['auth-server', 'backend'],
  DATABASE_URL: ['auth-server'],
  SMTP_URL: ['auth-server'],
  DATABASE_URL_DIRECT: ['auth-server'],
  BACKEND_DATABASE_URL: ['backend'],
  OIDC_PROVIDERS: ['auth-server'],
  CONNECTED_SERVICES: ['auth-server'],
  ENCRYPTION_KEYS: ['auth-server'],
  LEGACY_KEY_1: ['auth-server'],
  LEGACY_KEY_2: ['auth-server'],
  LEGACY_KEY_3: ['auth-server'],
  LEGACY_KEY_4: ['auth-server'],
  OLD_TOKENS_SECRET: ['auth-server'],
  GOOGLE_CLIENT_SECRET: ['auth-server'],
  GITHUB_CLIENT_SECRET: ['auth-server'],
  MICROSOFT_CLIENT_SECRET: ['auth-server'],
  // Only for migrations, which plan.ts gives it to.
  BACKEND_MIGRATION_DATABASE_URL: [],
  DATABASE_ADMIN_URL: [],
  // No secret, but nothing to them either: another MODE is no reason to restart.
  MODE: [],
  COMPOSE_PROJECT_NAME: [],
  POSTGRES_PASSWORD: [],
  AUTH_DB_PASSWORD: [],
  BACKEND_DB_PASSWORD: [],
  BACKEND_OWNER_DB_PASSWORD: [],
  DEMO_PASSWORD: [],
}

export function machineEnvironment(shell: NodeJS.ProcessEnv): Variables {
  return Object.fromEntries(machine.flatMap((name) => (shell[name] === undefined ? [] : [[name, shell[name]]])))
}

/** Empty variables are left out: to every service they mean the same as missing ones. */
export function serviceVariables(service: ServiceName, variables: Variables): Variables {
  const isFor = (name: string) => readers[name]?.includes(service) ?? true
  return Object.fromEntries(Object.entries(variables).filter(([name, value]) => value !== '' && isFor(name)))
}
