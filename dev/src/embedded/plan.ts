import { join } from 'node:path'
import { folderOf } from '../brand.ts'
import { repository } from '../paths.ts'
import { type Prepared, stopSignals } from '../postgres/cluster.ts'
import type { Command } from '../processes/run.ts'
import { program } from '../programs.ts'
import { demoOrigins } from '../provider/demo.ts'
import type { Variables } from '../settings/env-file.ts'
import type { Ports, Settings } from '../settings/settings.ts'
import { type AuthServerCall, chosenPorts, type Progress, type ServiceName } from '../stack.ts'
import { withStandIns } from '../stand-ins.ts'
import type { Spec } from '../supervisor/service.ts'
import { type Build, type Builder, digestOf } from './builds.ts'
import { serviceVariables } from './environment.ts'

/** Everything a plan is made from: the settings, what the machine needs programs to know, and the stack's folder. */
export type Basis = { settings: Settings; machine: Variables; folder: string }
type Draft = Pick<Spec, 'command' | 'cwd' | 'env' | 'ready'> & { ports: (keyof Ports)[]; sources: string }

const backendFolder = join(repository, 'backend-fastapi')
const python = join(repository, '.venv', 'bin', 'python')
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

type Work = { basis: Basis; progress: Progress; signal: AbortSignal }

export function builderOf({ basis: { settings, machine }, progress, signal }: Work): Builder {
  return { env: { ...machine, ...serviceVariables('frontend', settings.variables) }, progress, signal }
}

export function postgresSpec({ machine, folder }: Pick<Basis, 'machine' | 'folder'>, prepared: Prepared): Spec {
  const { command, cwd, port, adminUrl } = prepared
  return {
    name: 'postgres',
    command,
    cwd,
    env: machine,
    ports: [{ service: 'postgres', variable: 'POSTGRES_PORT', port }],
    ready: adminUrl,
    logFile: join(folder, 'logs', 'postgres.log'),
    stopSignals,
    fingerprint: digestOf([], JSON.stringify(command)),
  }
}

export function mailSpec(basis: Basis): Spec {
  const { SMTP_PORT, MAIL_PORT } = basis.settings.ports
  const { BRAND_FOLDER } = basis.settings.variables
  return specify('mail', basis, {
    sources: digestOf([
      join(repository, 'dev', 'src', 'mail'),
      join(repository, 'brand', 'src'),
      folderOf(BRAND_FOLDER),
    ]),
    command: program('mail/main'),
    cwd: repository,
    env: { SMTP_PORT: String(SMTP_PORT), MAIL_PORT: String(MAIL_PORT), BRAND_FOLDER: folderOf(BRAND_FOLDER) },
    ports: ['MAIL_PORT', 'SMTP_PORT'],
    ready: `http://127.0.0.1:${MAIL_PORT}/readyz`,
  })
}

export function providerSpec(basis: Basis): Spec {
  const { PROVIDER_PORT } = basis.settings.ports
  const { BRAND_FOLDER, PUBLIC_URL } = basis.settings.variables
  return specify('provider', basis, {
    sources: digestOf([
      join(repository, 'dev', 'src', 'provider'),
      join(repository, 'brand', 'src'),
      folderOf(BRAND_FOLDER),
    ]),
    command: program('provider/main'),
    cwd: repository,
    env: {
      PROVIDER_PORT: String(PROVIDER_PORT),
      PROVIDER_ORIGIN: demoOrigins.embedded(PROVIDER_PORT),
      PUBLIC_URL,
      BRAND_FOLDER: folderOf(BRAND_FOLDER),
    },
    ports: ['PROVIDER_PORT'],
    ready: `http://127.0.0.1:${PROVIDER_PORT}/readyz`,
  })
}

/** What the auth server is started and checked with. */
function authServerEnvironment(basis: Basis): Variables {
  return serviceVariables('auth-server', withStandIns(basis.settings, 'embedded').variables)
}

export function authServerSpec(basis: Basis, bundle: Build): Spec {
  return specify('auth-server', basis, {
    sources: digestOf([folderOf(basis.settings.variables.BRAND_FOLDER)], bundle.stamp),
    command: [node, '--enable-source-maps', bundle.path, 'serve'],
    cwd: join(repository, 'auth-server'),
    env: authServerEnvironment(basis),
    ports: ['AUTH_PORT', 'AUTH_INTERNAL_PORT'],
    ready: `http://127.0.0.1:${basis.settings.ports.AUTH_PORT}/health/ready`,
  })
}

export function backendSpec(basis: Basis): Spec {
  return specify('backend', basis, {
    sources: digestOf([backendFolder]),
    command: [python, '-m', 'app'],
    cwd: backendFolder,
    env: backendEnvironment(basis),
    ports: ['BACKEND_PORT'],
    ready: `http://127.0.0.1:${basis.settings.ports.BACKEND_PORT}/health/ready`,
  })
}

function backendEnvironment(basis: Basis): Variables {
  const { ports, variables } = basis.settings
  const AUTH_SERVER_URL = variables.AUTH_SERVER_URL || `http://127.0.0.1:${ports.AUTH_INTERNAL_PORT}`
  return {
    ...serviceVariables('backend', withStandIns(basis.settings, 'embedded').variables),
    AUTH_SERVER_URL,
    PYTHONUNBUFFERED: '1',
  }
}

export function frontendSpec(basis: Basis, build: Build): Spec {
  const vite = join(repository, 'node_modules', 'vite', 'bin', 'vite.js')
  return specify('frontend', basis, {
    sources: build.stamp,
    command: [node, vite, 'preview', '--outDir', join('..', '.local', 'builds', `frontend-${build.stamp}`)],
    cwd: join(repository, 'frontend'),
    env: serviceVariables('frontend', basis.settings.variables),
    ports: ['FRONTEND_PORT'],
    ready: `http://127.0.0.1:${basis.settings.ports.FRONTEND_PORT}/`,
  })
}

function specify(name: ServiceName, { settings, machine, folder }: Basis, draft: Draft): Spec {
  const { command, cwd, env, ready, sources } = draft
  const ports = chosenPorts(settings.ports, draft.ports)
  // The machine's part stays out: another terminal with another PATH is no reason to restart.
  const fingerprint = digestOf([], sources, JSON.stringify([command, cwd, env]))
  const logFile = join(folder, 'logs', `${name}.log`)
  return {
    name,
    command,
    cwd,
    env: { ...machine, ...env },
    ports,
    ready,
    logFile,
    stopSignals: ['SIGTERM'],
    fingerprint,
  }
}

type Migrations = Record<'setup' | 'auth' | 'backend', Required<Command>>

export function migrations({ settings: { variables }, machine }: Basis, bundle: Build): Migrations {
  const env = { ...machine, ...serviceVariables('auth-server', variables) }
  const { DATABASE_ADMIN_URL = '', BACKEND_DATABASE_URL = '', BACKEND_MIGRATION_DATABASE_URL = '' } = variables
  const cwd = join(repository, 'auth-server')
  return {
    setup: {
      command: [node, bundle.path, 'setup-database'],
      cwd,
      env: { ...env, DATABASE_ADMIN_URL, BACKEND_DATABASE_URL, BACKEND_MIGRATION_DATABASE_URL },
    },
    auth: { command: [node, bundle.path, 'migrate'], cwd, env },
    backend: {
      command: [python, '-m', 'app.migrate'],
      cwd: backendFolder,
      env: { ...machine, ...serviceVariables('backend', variables), BACKEND_MIGRATION_DATABASE_URL },
    },
  }
}

export function makeAdmin(basis: Basis, bundle: Build, email: string): Required<Command> {
  return { ...migrations(basis, bundle).auth, command: [node, bundle.path, 'make-admin', email] }
}

/** On the database that runs. Only a rehearsal makes a database of its own, and gets the address of who may. */
export function authServerCommand(
  basis: Basis,
  bundle: Build,
  { name, args, folder }: AuthServerCall,
): Required<Command> {
  const { auth, setup } = migrations(basis, bundle)
  const { cwd, env } = name === 'rehearse' ? setup : auth
  return { command: [node, '--enable-source-maps', bundle.path, name, '--relative-to', folder, ...args], cwd, env }
}

/** What the server is started with, the addresses of the other roles, and where the backend is. */
export function doctor(basis: Basis, bundle: Build, args: string[]): Required<Command> {
  const { setup } = migrations(basis, bundle)
  const backend = `http://127.0.0.1:${basis.settings.ports.BACKEND_PORT}`
  return {
    command: [node, '--enable-source-maps', bundle.path, 'doctor', '--backend', backend, ...args],
    cwd: setup.cwd,
    env: { ...setup.env, ...authServerEnvironment(basis) },
  }
}

/** What each service says of its settings, before anything is started with them. Exit code 78: they cannot be used. */
export function checks(basis: Basis, bundle: Build): Required<Command>[] {
  return [
    { ...migrations(basis, bundle).setup, command: [node, bundle.path, 'check-config'] },
    {
      command: [python, '-m', 'app.check'],
      cwd: backendFolder,
      env: { ...basis.machine, ...backendEnvironment(basis) },
    },
  ]
}
