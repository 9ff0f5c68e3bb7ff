import { join } from 'node:path'
import { repository } from '../paths.ts'
import type { Variables } from '../settings/env-file.ts'
import type { Ports, Settings } from '../settings/settings.ts'
import { nodeWithTypeScript } from '../typescript.ts'
import type { Build } from './builds.ts'
import { serviceVariables } from './environment.ts'
import type { ProcessSpec } from './process-service.ts'
import type { Port } from './service.ts'
import { digestOf } from './sources.ts'

/** Everything a plan is made from: what to say to the services, and what the machine needs them to know. */
export type Basis = { settings: Settings; machine: Variables }
type Draft = Omit<ProcessSpec, 'fingerprint' | 'ports'> & { ports: (keyof Ports)[] }

const backendFolder = join(repository, 'backend-fastapi')
const python = join(repository, '.venv', 'bin', 'python')

/** The three roles' addresses on the embedded PostgreSQL. */
export function embeddedDatabase(settings: Settings, adminUrl: string): Variables {
  const {
    AUTH_DB_PASSWORD = '',
    BACKEND_DB_PASSWORD = '',
    BACKEND_OWNER_DB_PASSWORD = '',
    BACKEND_DB_ROLE,
  } = settings.variables
  const address = (role: string, password: string) => {
    const url = new URL(adminUrl)
    url.username = role
    url.password = encodeURIComponent(password)
    url.pathname = '/auth_sidecar'
    return url.href
  }
  return {
    DATABASE_URL: address('auth_server', AUTH_DB_PASSWORD),
    BACKEND_DATABASE_URL: address(BACKEND_DB_ROLE || 'backend', BACKEND_DB_PASSWORD),
    BACKEND_MIGRATION_DATABASE_URL: address('backend_owner', BACKEND_OWNER_DB_PASSWORD),
    DATABASE_ADMIN_URL: adminUrl,
  }
}

export function buildEnvironment({ settings, machine }: Basis): Variables {
  return { ...machine, ...serviceVariables('frontend', settings.variables) }
}

export function mailSpec(basis: Basis): ProcessSpec {
  return specify(basis, digestOf([join(repository, 'dev', 'src', 'mail')]), {
    name: 'mail',
    command: [...nodeWithTypeScript, join(repository, 'dev', 'src', 'mail', 'main.ts')],
    cwd: repository,
    env: { SMTP_PORT: String(basis.settings.ports.SMTP_PORT), MAIL_PORT: String(basis.settings.ports.MAIL_PORT) },
    ports: ['MAIL_PORT', 'SMTP_PORT'],
    ready: `http://127.0.0.1:${basis.settings.ports.MAIL_PORT}/readyz`,
  })
}

export function authServerSpec(basis: Basis, bundle: Build): ProcessSpec {
  return specify(basis, bundle.stamp, {
    name: 'auth-server',
    command: [process.execPath, '--enable-source-maps', bundle.path, 'serve'],
    cwd: join(repository, 'auth-server'),
    env: serviceVariables('auth-server', basis.settings.variables),
    ports: ['AUTH_PORT', 'AUTH_INTERNAL_PORT'],
    ready: `http://127.0.0.1:${basis.settings.ports.AUTH_PORT}/health/ready`,
  })
}

export function backendSpec(basis: Basis): ProcessSpec {
  const { ports, variables } = basis.settings
  const env = {
    ...serviceVariables('backend', variables),
    AUTH_SERVER_URL: variables.AUTH_SERVER_URL || `http://127.0.0.1:${ports.AUTH_INTERNAL_PORT}`,
    PYTHONUNBUFFERED: '1',
  }
  return specify(basis, digestOf([backendFolder]), {
    name: 'backend',
    command: [python, '-m', 'app'],
    cwd: backendFolder,
    env,
    ports: ['BACKEND_PORT'],
    ready: `http://127.0.0.1:${ports.BACKEND_PORT}/health/ready`,
  })
}

export function frontendSpec(basis: Basis, build: Build): ProcessSpec {
  const vite = join(repository, 'node_modules', 'vite', 'bin', 'vite.js')
  return specify(basis, build.stamp, {
    name: 'frontend',
    command: [process.execPath, vite, 'preview', '--outDir', join('..', '.local', 'builds', `frontend-${build.stamp}`)],
    cwd: join(repository, 'frontend'),
    env: serviceVariables('frontend', basis.settings.variables),
    ports: ['FRONTEND_PORT'],
    ready: `http://127.0.0.1:${basis.settings.ports.FRONTEND_PORT}/`,
  })
}

export function migrations(basis: Basis, bundle: Build): { setup: Command; auth: Command; backend: Command } {
  const { variables } = basis.settings
  const auth = { ...basis.machine, ...serviceVariables('auth-server', variables) }
  const { DATABASE_ADMIN_URL = '', BACKEND_DATABASE_URL = '', BACKEND_MIGRATION_DATABASE_URL = '' } = variables
  const cwd = join(repository, 'auth-server')
  return {
    setup: {
      command: [process.execPath, bundle.path, 'setup-database'],
      cwd,
      env: { ...auth, DATABASE_ADMIN_URL, BACKEND_DATABASE_URL, BACKEND_MIGRATION_DATABASE_URL },
    },
    auth: { command: [process.execPath, bundle.path, 'migrate'], cwd, env: auth },
    backend: {
      command: [python, '-m', 'app.migrate'],
      cwd: backendFolder,
      env: { ...basis.machine, ...serviceVariables('backend', variables), BACKEND_MIGRATION_DATABASE_URL },
    },
  }
}

export function makeAdmin(basis: Basis, bundle: Build, email: string): Command {
  const { auth } = migrations(basis, bundle)
  return { ...auth, command: [process.execPath, bundle.path, 'make-admin', email] }
}

/** What each service says of its settings, before anything is started with them. Exit code 78: they cannot be used. */
export function checks(basis: Basis, bundle: Build): Command[] {
  const { setup } = migrations(basis, bundle)
  return [
    { ...setup, command: [process.execPath, bundle.path, 'check-config'] },
    { command: [python, '-m', 'app.check'], cwd: backendFolder, env: backendSpec(basis).env },
  ]
}

export type Command = { command: string[]; cwd: string; env: Variables }

function specify({ settings, machine }: Basis, sources: string, draft: Draft): ProcessSpec {
  const told = draft.env
  const ports = draft.ports.flatMap((variable): Port[] => {
    const port = settings.ports[variable]
    return port === undefined ? [] : [{ variable, port }]
  })
  const { command, cwd } = draft
  // The machine's part stays out: another terminal with another PATH is no reason to start anew.
  const fingerprint = digestOf([], sources, JSON.stringify([command, cwd, told]))
  return { ...draft, env: { ...machine, ...told }, ports, fingerprint }
}
