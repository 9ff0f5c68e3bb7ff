import { join } from 'node:path'
import { folderOf } from '../brand.ts'
import { repository } from '../paths.ts'
import { type Cluster, type Server, stopSignals } from '../postgres/cluster.ts'
import type { Command } from '../processes/run.ts'
import { program } from '../programs.ts'
import { demoOrigins } from '../provider/demo.ts'
import type { Variables } from '../settings/env-file.ts'
import { type Ports, type Settings, withVariables } from '../settings/settings.ts'
import { usesOwnDatabase } from '../settings/stack-errors.ts'
import { type AuthServerCall, chosenPorts, needsEveryRole, type ServiceName, type Work } from '../stack.ts'
import { usesDemoProvider, withStandIns } from '../stand-ins.ts'
import type { Spec } from '../supervisor/service.ts'
import { type Build, buildAuthServer, buildFrontend, digestOf } from './builds.ts'
import { serviceVariables } from './environment.ts'

/** What a stack is made from: its settings, what the machine needs programs to know, and the folder that it lives in. */
export type Place = { settings: Settings; machine: Variables; folder: string; cluster: Cluster }

export type Plan = {
  /** All but the frontend, which is built beside the start of the others. PostgreSQL only if it is the stack's own. */
  services: Spec[]
  frontend(): Promise<Spec>
  /** What each service says of its settings, before anything is started with them. Exit code 78: they cannot be used. */
  checks: Command[]
  /** Without the set-up where nobody may make roles and a database. */
  migrations: { setup: Command | undefined; auth: Command; backend: Command }
  authServer(call: AuthServerCall): Command
}

type Basis = Omit<Place, 'cluster'>
type Draft = Pick<Spec, 'name' | 'command' | 'cwd' | 'env'> & {
  ports: [keyof Ports, ...(keyof Ports)[]]
  /** Of the first of its ports: responds once the service can do its work. */
  readyPath: string
  sources: string
}

const inRepository = (...parts: string[]) => join(repository, ...parts)
const backendFolder = inRepository('backend-fastapi')
const python = inRepository('.venv', 'bin', 'python')
const vite = inRepository('node_modules', 'vite', 'bin', 'vite.js')
const node = process.execPath

/** The three roles' addresses on the embedded PostgreSQL. */
export function embeddedDatabase({ variables }: Settings, adminUrl: string): Variables {
  const address = (role: string, password = '') => {
    const url = new URL(adminUrl)
    url.username = role
    url.password = encodeURIComponent(password)
    url.pathname = '/auth_sidecar'
    return url.href
  }
  return {
    DATABASE_URL: address('auth_server', variables.AUTH_DB_PASSWORD),
    BACKEND_DATABASE_URL: address(variables.BACKEND_DB_ROLE || 'backend', variables.BACKEND_DB_PASSWORD),
    BACKEND_MIGRATION_DATABASE_URL: address('backend_owner', variables.BACKEND_OWNER_DB_PASSWORD),
    DATABASE_ADMIN_URL: adminUrl,
  }
}

/** Builds the auth server, whose commands most of the plan is made of. Nothing is started. */
export async function makePlan({ settings: given, machine, folder, cluster }: Place, work: Work): Promise<Plan> {
  const builder = { ...work, env: { ...machine, ...serviceVariables('frontend', given.variables) } }
  const server = usesOwnDatabase(given.variables) ? undefined : await cluster.plan()
  const database = server ? embeddedDatabase(given, server.adminUrl) : {}
  const settings = withVariables(withStandIns(given, 'embedded'), database)
  const basis = { settings, machine, folder }
  const bundle = await buildAuthServer(builder)
  const services = drafts(settings, bundle)
    .filter(({ name }) => name !== 'provider' || usesDemoProvider(given))
    .map((draft) => specify(basis, draft))
  return {
    services: server ? [postgresSpec(basis, server), ...services] : services,
    frontend: async () => specify(basis, frontendDraft(settings, await buildFrontend(builder, given.variables))),
    ...commands(basis, bundle),
  }
}

/** What is run once, and ends. */
function commands({ settings, machine }: Basis, bundle: Build): Omit<Plan, 'services' | 'frontend'> {
  const { variables, ports } = settings
  const { DATABASE_ADMIN_URL = '', BACKEND_DATABASE_URL = '', BACKEND_MIGRATION_DATABASE_URL = '' } = variables
  const env = { ...machine, ...serviceVariables('auth-server', variables) }
  const everyRole = { ...env, DATABASE_ADMIN_URL, BACKEND_DATABASE_URL, BACKEND_MIGRATION_DATABASE_URL }
  const authServer = (args: string[], given: Variables): Command => {
    return {
      command: [node, '--enable-source-maps', bundle.path, ...args],
      cwd: inRepository('auth-server'),
      env: given,
    }
  }
  const backend = (module: string, more: Variables): Command => {
    const given = { ...machine, ...backendVariables(settings), ...more }
    return { command: [python, '-m', module], cwd: backendFolder, env: given }
  }
  return {
    checks: [authServer(['check-config'], everyRole), backend('app.check', {})],
    migrations: {
      setup: DATABASE_ADMIN_URL ? authServer(['setup-database'], everyRole) : undefined,
      auth: authServer(['migrate'], env),
      backend: backend('app.migrate', { BACKEND_MIGRATION_DATABASE_URL }),
    },
    authServer: ({ name, args, folder }) => {
      const from = folder === undefined ? [] : ['--relative-to', folder]
      const to = name === 'doctor' ? ['--backend', `http://127.0.0.1:${ports.BACKEND_PORT}`] : []
      return authServer([name, ...from, ...to, ...args], needsEveryRole(name) ? everyRole : env)
    },
  }
}

function backendVariables({ ports, variables }: Settings): Variables {
  return {
    ...serviceVariables('backend', variables),
    AUTH_SERVER_URL: variables.AUTH_SERVER_URL || `http://127.0.0.1:${ports.AUTH_INTERNAL_PORT}`,
    PYTHONUNBUFFERED: '1',
  }
}

export function postgresSpec({ machine, folder }: Pick<Basis, 'machine' | 'folder'>, server: Server): Spec {
  const { command, cwd, port, adminUrl } = server
  return {
    name: 'postgres',
    command,
    cwd,
    env: machine,
    ports: [{ variable: 'POSTGRES_PORT', port }],
    ready: adminUrl,
    logFile: logFileIn(folder, 'postgres'),
    stopSignals,
    fingerprint: digestOf([], JSON.stringify(command)),
  }
}

/** Everything between the database and the pages. */
function drafts(settings: Settings, bundle: Build): Draft[] {
  const { ports, variables } = settings
  const brand = folderOf(variables.BRAND_FOLDER)
  // A program of dev/ in place of somebody else's service.
  const standIn = (name: 'mail' | 'provider') => ({
    name,
    command: program(`${name}/main`),
    cwd: repository,
    readyPath: '/readyz',
    sources: digestOf([inRepository('dev', 'src', name), inRepository('brand', 'src'), brand]),
  })
  return [
    {
      ...standIn('mail'),
      ports: ['MAIL_PORT', 'SMTP_PORT'],
      env: { SMTP_PORT: `${ports.SMTP_PORT}`, MAIL_PORT: `${ports.MAIL_PORT}`, BRAND_FOLDER: brand },
    },
    {
      ...standIn('provider'),
      ports: ['PROVIDER_PORT'],
      env: {
        PROVIDER_PORT: `${ports.PROVIDER_PORT}`,
        PROVIDER_ORIGIN: demoOrigins.embedded(ports.PROVIDER_PORT),
        PUBLIC_URL: variables.PUBLIC_URL,
        BRAND_FOLDER: brand,
      },
    },
    {
      name: 'auth-server',
      command: [node, '--enable-source-maps', bundle.path, 'serve'],
      cwd: inRepository('auth-server'),
      ports: ['AUTH_PORT', 'AUTH_INTERNAL_PORT'],
      readyPath: '/health/ready',
      env: serviceVariables('auth-server', variables),
      sources: digestOf([brand], bundle.stamp),
    },
    {
      name: 'backend',
      command: [python, '-m', 'app'],
      cwd: backendFolder,
      ports: ['BACKEND_PORT'],
      readyPath: '/health/ready',
      env: backendVariables(settings),
      sources: digestOf([backendFolder]),
    },
  ]
}

function frontendDraft({ variables }: Settings, { stamp }: Build): Draft {
  return {
    name: 'frontend',
    command: [node, vite, 'preview', '--outDir', join('..', '.local', 'builds', `frontend-${stamp}`)],
    cwd: inRepository('frontend'),
    ports: ['FRONTEND_PORT'],
    readyPath: '/',
    env: serviceVariables('frontend', variables),
    sources: stamp,
  }
}

function specify({ settings, machine, folder }: Basis, { sources, readyPath, ports, ...draft }: Draft): Spec {
  const { name, command, cwd, env } = draft
  const ready = `http://127.0.0.1:${settings.ports[ports[0]]}${readyPath}`
  return {
    ...draft,
    env: { ...machine, ...env },
    ports: chosenPorts(settings.ports, ports),
    ready,
    logFile: logFileIn(folder, name),
    stopSignals: ['SIGTERM'],
    // The machine's part stays out: another terminal with another PATH is no reason to restart.
    fingerprint: digestOf([], sources, JSON.stringify([command, cwd, env, ready])),
  }
}

export function logFileIn(folder: string, name: ServiceName): string {
  return join(folder, 'logs', `${name}.log`)
}
