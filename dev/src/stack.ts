import { type Port, takenPorts } from './processes/ports.ts'
import type { Command } from './processes/run.ts'
import { type Mode, type Ports, portVariables, refuse, type Settings } from './settings/settings.ts'
import { mergeErrors } from './settings/stack-errors.ts'

/** Words that both modes share. */
export const serviceNames = ['postgres', 'mail', 'provider', 'auth-server', 'backend', 'frontend'] as const
export type ServiceName = (typeof serviceNames)[number]

export function isServiceName(name: string): name is ServiceName {
  return (serviceNames as readonly string[]).includes(name)
}

/** The ports that the settings choose. None where a setting leaves the choice to us. */
export function chosenPorts(ports: Ports, variables = portVariables): Port[] {
  return variables.flatMap((variable) => {
    const port = ports[variable]
    return port === undefined ? [] : [{ variable, port }]
  })
}

/** A line for each port that others have than the services that run. Unless named, every port of the settings is looked at. */
export function foreignPorts(
  settings: Settings,
  held: Iterable<number>,
  variables?: (keyof Ports)[],
): Promise<string[]> {
  const own = new Set(held)
  // No suggestion may name one that a service of ours has, or will have.
  const reserved = [
    ...own,
    ...chosenPorts(settings.ports).map(({ port }) => port),
    Number(settings.variables.FRONTEND_DEV_PORT),
  ]
  const wanted = chosenPorts(settings.ports, variables).filter(({ port }) => !own.has(port))
  return takenPorts(wanted, reserved)
}

export type ServiceState = 'ready' | 'not ready' | 'stopped'
export type ServiceStatus = {
  name: ServiceName
  state: ServiceState
  pid?: number
  ports: number[]
  /** How it ended, unless it was stopped, and the end of its log. */
  ended?: { reason: string; lastLines: string[] }
}

/** What the user at the terminal sees while a stack starts or stops. */
export type Progress = {
  done(name: string, what: string, milliseconds: number): void
  note(text: string): void
}

export const silent: Progress = { done: () => undefined, note: () => undefined }

export const controls = ['stop', 'start', 'kill', 'pause', 'resume'] as const
export type Control = (typeof controls)[number]

/** What is told while it goes on, and what ends it. */
export type Work = { progress: Progress; signal: AbortSignal }

/** The stack in either mode, with its settings. */
export type Stack = {
  mode: Mode
  /** What the services would refuse of the settings, in a list for each that was asked. Touches nothing that runs. */
  check(work: Work): Promise<string[][]>
  /** How many services it had to start. Returns once all are ready. */
  up(work: Work): Promise<number>
  /** How many services it had to stop. */
  down(progress: Progress): Promise<number>
  isRunning(): Promise<boolean>
  status(): Promise<ServiceStatus[]>
  /** Prints the last lines of the service's log, and what is added. It does not end. */
  following(service: ServiceName): Command
  /** Everything the service has said. */
  log(service: ServiceName): Promise<string>
  control(act: Control, service: ServiceName): Promise<void>
  /** The rows that the superuser gets, as JSON. */
  sql(statement: string): Promise<string>
  /** The superuser's address, where the database can be reached from here. */
  adminUrl(): string | undefined
  /** PostgreSQL's own program on the stack's database, as superuser. Throws when the database does not run. */
  client(program: 'psql' | 'pg_dump', args: string[], isTerminal: boolean): Promise<Command>
  /** A command of the auth server on this stack's database, to be run on this terminal. */
  authServer(call: AuthServerCall, work: Work): Promise<Command>
  migrate(work: Work): Promise<void>
  /** Stops it and forgets its data. */
  remove(): Promise<void>
}

export type AuthServerCall = {
  name: 'import' | 'rehearse' | 'schema' | 'doctor' | 'make-admin'
  args: string[]
  /** Absolute, for a command with files: those in `args` are named from there, and new ones are written there. */
  folder?: string
  /** It may ask, for a password for example. */
  isTerminal: boolean
}

/** A rehearsal makes a database of its own, and the doctor looks at every role. No other command gets their addresses. */
export function needsEveryRole(name: AuthServerCall['name']): boolean {
  return name === 'rehearse' || name === 'doctor'
}

/** Before anything is touched. Throws with every error that this program or a service finds in the settings. */
export async function refuseUnusable(stack: Stack, errors: string[], work: Work): Promise<void> {
  refuse(mergeErrors([errors, ...(await stack.check(work))]))
}
