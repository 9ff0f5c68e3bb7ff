import { z } from 'zod'
import { CannotContinue } from '../errors.ts'
import type { Variables } from './env-file.ts'

const port = (fallback: number) =>
  z
    .string()
    .default('')
    .refine((text) => /^\d*$/.test(text) && Number(text) < 65_536 && text !== '0', 'must be a port number (1–65535)')
    .transform((text) => (text === '' ? fallback : Number(text)))

const optionalPort = port(0).transform((number) => (number === 0 ? undefined : number))

const Shape = z.object({
  MODE: z.enum(['auto', 'compose', 'embedded'], { error: 'must be auto, compose or embedded' }).default('auto'),
  FRONTEND_PORT: port(3000),
  AUTH_PORT: port(4000),
  AUTH_INTERNAL_PORT: port(4001),
  BACKEND_PORT: port(8000),
  SMTP_PORT: port(1025),
  MAIL_PORT: port(8025),
  POSTGRES_PORT: optionalPort,
})

export type Ports = Omit<z.output<typeof Shape>, 'MODE'>
export type Mode = 'compose' | 'embedded'
export type Settings = {
  mode: Mode | 'auto'
  ports: Ports
  /** Everything the services may be told, with what was left empty worked out. */
  variables: Variables & { PUBLIC_URL: string; CORS_ORIGIN: string }
}

/** What `.env` says, and over it what the shell says about the same names. */
export function merge(known: string[], file: Variables, shell: NodeJS.ProcessEnv): Variables {
  const names = new Set([...known, ...Object.keys(file)])
  return Object.fromEntries([...names].map((name) => [name, shell[name] ?? file[name] ?? '']))
}

/** Throws naming every fault at once. */
export function readSettings(variables: Variables): Settings {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
  const parsed = Shape.safeParse(given)
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.')} ${issue.message}`)
    throw new CannotContinue(`These settings (.env or the shell) cannot be used:\n${faults.join('\n')}`, 78)
  }
  const { MODE, ...ports } = parsed.data
  refuseSharedPorts(ports)
  const publicUrl = variables.PUBLIC_URL || `http://localhost:${ports.FRONTEND_PORT}`
  const derived = {
    PUBLIC_URL: publicUrl,
    CORS_ORIGIN: variables.CORS_ORIGIN || publicUrl,
  }
  const numbers = Object.fromEntries(Object.entries(ports).map(([name, number]) => [name, String(number ?? '')]))
  return { mode: MODE, ports, variables: { ...variables, ...numbers, ...derived } }
}

function refuseSharedPorts(ports: Ports) {
  const entries = Object.entries(ports).filter(([, number]) => number !== undefined)
  for (const [name, number] of entries) {
    const other = entries.find(([otherName, otherNumber]) => otherName > name && otherNumber === number)
    if (other)
      throw new CannotContinue(`${name} and ${other[0]} are both ${number}; every service needs its own port.`, 78)
  }
}

export function withVariables(settings: Settings, more: Variables): Settings {
  return { ...settings, variables: { ...settings.variables, ...more } }
}
