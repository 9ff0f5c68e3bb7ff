import { frontendErrors } from '../../../frontend/env.ts'
import { brandErrors } from '../brand.ts'
import { secrets, type Variables } from './env-file.ts'
import type { Mode, Settings } from './settings.ts'

const databaseUrls = ['DATABASE_URL', 'BACKEND_DATABASE_URL']

/** Whether the settings name a database of their own, and not the stack's PostgreSQL. */
export function usesOwnDatabase(variables: Variables): boolean {
  return databaseUrls.every((name) => variables[name])
}

/** What is wrong with the settings as a whole, in words that say what to change. No service can see these alone. */
export function stackErrors({ variables, ports }: Settings, mode: Mode): string[] {
  return [
    ...missingSecrets(variables, mode),
    ...halfADatabase(variables),
    ...sharedRoles(variables),
    ...publicPort(variables, ports.AUTH_PORT, ports.AUTH_INTERNAL_PORT),
    ...frontendErrors(variables),
    ...brandErrors(variables.BRAND_FOLDER),
  ]
}

function missingSecrets(variables: Variables, mode: Mode): string[] {
  return secrets
    .filter((name) => !variables[name] && isNeeded(name, variables, mode))
    .map((name) => `${name} is empty. Make one: echo "${name}=$(openssl rand -hex 32)" >> .env`)
}

function isNeeded(secret: string, variables: Variables, mode: Mode): boolean {
  // The auth server says where it needs the keys.
  if (secret === 'DEMO_PASSWORD' || secret === 'ENCRYPTION_KEYS') return false
  if (secret === 'POSTGRES_PASSWORD') return mode === 'compose'
  return !secret.endsWith('_DB_PASSWORD') || !usesOwnDatabase(variables)
}

function halfADatabase(variables: Variables): string[] {
  const [set, ...more] = databaseUrls.filter((name) => variables[name])
  if (set === undefined || more.length > 0) return []
  const other = databaseUrls.find((name) => name !== set)
  return [
    `${set} is set and ${other} is not. Leave both empty for the stack's own PostgreSQL, or set both for one of ` +
      'yours; how to do with a single user: docs/database.md',
  ]
}

/** The set-up gives each role its password: one name for two would lock a service out of the database that runs. */
function sharedRoles(variables: Variables): string[] {
  const taken = ['postgres', 'auth_server']
  const isShared = !usesOwnDatabase(variables) && taken.includes(variables.BACKEND_DB_ROLE ?? '')
  return isShared ? ["BACKEND_DB_ROLE must be the backend's own: postgres and auth_server are taken"] : []
}

/** http://localhost:4000 is a common mistake: that port knows nothing of services. */
function publicPort({ AUTH_SERVER_URL }: Variables, port: number, internalPort: number): string[] {
  const url = AUTH_SERVER_URL && URL.canParse(AUTH_SERVER_URL) ? new URL(AUTH_SERVER_URL) : undefined
  const isHere = url !== undefined && /^(localhost|127\.0\.0\.1|\[::1\]|auth-server)$/.test(url.hostname)
  if (!isHere || url.port !== String(port)) return []
  return [
    `AUTH_SERVER_URL leads to the auth server's public port. Leave it empty, or name the private one: ` +
      `http://127.0.0.1:${internalPort}`,
  ]
}

/** Every list's lines, without what an earlier list says about the same setting: two services read some of them. */
export function mergeErrors(lists: readonly (readonly string[])[]): string[] {
  const merged: string[] = []
  for (const list of lists) {
    const named = new Set(merged.map(settingOf))
    merged.push(...new Set(list.filter((error) => !named.has(settingOf(error)))))
  }
  return merged
}

function settingOf(error: string): string {
  return /^[A-Z][A-Z0-9_]+(?= )/.exec(error)?.[0] ?? error
}

/** The errors in what a service prints that refuses its settings; all of it where it ended otherwise. */
export function errorsIn({ code, output }: { code: number; output: string }): string[] {
  if (code === 0) return []
  const listed = [...output.matchAll(/^ {2}- (.+)$/gm)].map(([, error = '']) => error)
  return listed.length > 0 ? listed : [output.trim() || `a check ended with exit code ${code}`]
}
