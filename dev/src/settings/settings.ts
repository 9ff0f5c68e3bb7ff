import { z } from 'zod'
import { CannotContinue } from '../errors.ts'
import { repository } from '../paths.ts'
import type { Variables } from './env-file.ts'
import { projectOf } from './project.ts'

const port = (fallback: number) =>
  z
    .string()
    .default('')
    .refine((text) => /^\d*$/.test(text) && Number(text) < 65_536 && text !== '0', 'must be a port number (1–65535)')
    .transform((text) => (text === '' ? fallback : Number(text)))
    .meta({ type: 'integer', minimum: 1, maximum: 65_535 })

const optionalPort = port(0).transform((number) => (number === 0 ? undefined : number))

const projectName = z
  .string()
  .default('')
  .refine((text) => /^(?:[a-z0-9][a-z0-9_-]*)?$/.test(text), 'must be small letters, digits, - and _')

export const Shape = z.object({
  MODE: z.enum(['auto', 'compose', 'embedded'], { error: 'must be auto, compose or embedded' }).default('auto'),
  COMPOSE_PROJECT_NAME: projectName,
  FRONTEND_PORT: port(3000),
  AUTH_PORT: port(4000),
  AUTH_INTERNAL_PORT: port(4001),
  BACKEND_PORT: port(8000),
  SMTP_PORT: port(1025),
  MAIL_PORT: port(8025),
  PROVIDER_PORT: port(9025),
  POSTGRES_PORT: optionalPort,
})

export type Ports = Omit<z.output<typeof Shape>, 'MODE' | 'COMPOSE_PROJECT_NAME'>
export const portVariables = Object.keys(Shape.shape).filter((name) => name.endsWith('_PORT')) as (keyof Ports)[]
export type Mode = 'compose' | 'embedded'
export type Settings = {
  mode: Mode | 'auto'
  /** Of Docker Compose: what its containers, networks and volumes are named after. */
  project: string
  ports: Ports
  /** For the child environments, with what was left empty worked out. */
  variables: Variables & { PUBLIC_URL: string; CORS_ORIGIN: string }
}

/** What `.env` says, and over it what the shell says about the same names. What neither names has the example's value. */
export function merge(example: Variables, file: Variables, shell: NodeJS.ProcessEnv): Variables {
  const names = new Set([...Object.keys(example), ...Object.keys(file)])
  return Object.fromEntries([...names].map((name) => [name, shell[name] ?? file[name] ?? example[name] ?? '']))
}

/** Settings in any case, for commands that must work beside a mistake in .env: what cannot be used has its default. */
export function inspectSettings(variables: Variables): { settings: Settings; errors: string[] } {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
  const issues = Shape.safeParse(given).error?.issues ?? []
  const errors = issues.map((issue) => `${issue.path.join('.')} ${issue.message}`)
  const unusable = new Set(issues.map((issue) => String(issue.path[0])))
  const usable = Object.fromEntries(Object.entries(given).filter(([name]) => !unusable.has(name)))
  const { MODE, COMPOSE_PROJECT_NAME, ...ports } = Shape.parse(usable)
  errors.push(...sharedPorts(ports))
  const project = COMPOSE_PROJECT_NAME || projectOf(repository)
  return { settings: { mode: MODE, project, ports, variables: complete(variables, ports) }, errors }
}

/** Throws naming every error at once. */
export function readSettings(variables: Variables): Settings {
  const { settings, errors } = inspectSettings(variables)
  refuse(errors)
  return settings
}

export function refuse(errors: readonly string[]): void {
  if (errors.length === 0) return
  const lines = errors.map((error) => `  ${error}`).join('\n')
  throw new CannotContinue(`Nothing was touched. These settings (.env or the shell) cannot be used:\n\n${lines}`, 78)
}

function complete(variables: Variables, ports: Ports): Settings['variables'] {
  const publicUrl = variables.PUBLIC_URL || `http://localhost:${ports.FRONTEND_PORT}`
  const environment = variables.NODE_ENV || variables.APP_ENV || 'development'
  const numbers = Object.fromEntries(Object.entries(ports).map(([name, number]) => [name, String(number ?? '')]))
  return {
    ...variables,
    ...numbers,
    NODE_ENV: environment,
    APP_ENV: variables.APP_ENV || environment,
    PUBLIC_URL: publicUrl,
    CORS_ORIGIN: variables.CORS_ORIGIN || publicUrl,
  }
}

function sharedPorts(ports: Ports): string[] {
  const entries = Object.entries(ports).filter(([, number]) => number !== undefined)
  return entries.flatMap(([name, number]) =>
    entries
      .filter(([otherName, otherNumber]) => otherName > name && otherNumber === number)
      .map(([otherName]) => `${name} and ${otherName} are both ${number}; every service needs its own port`),
  )
}

export function withVariables(settings: Settings, more: Variables): Settings {
  return { ...settings, variables: { ...settings.variables, ...more } }
}
