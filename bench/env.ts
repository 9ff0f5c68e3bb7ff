import { machineEnvironment } from '../dev/src/embedded/environment.ts'

/** What `with-stack` tells about the stack that is measured. */
export type Stack = {
  authUrl: string
  internalUrl: string
  /** The only origin whose pages the stack trusts. */
  origin: string
  /** Signs sessions' tokens. */
  secret: string
  internalToken: string
  /** The superuser's address. */
  adminUrl: string
}

export function readStack(): Stack {
  return {
    authUrl: told('STACK_AUTH_URL'),
    internalUrl: told('STACK_AUTH_INTERNAL_URL'),
    origin: told('STACK_FRONTEND_URL'),
    secret: told('STACK_SECRET'),
    internalToken: told('STACK_INTERNAL_TOKEN'),
    adminUrl: told('STACK_DATABASE_ADMIN_URL'),
  }
}

/** What every program needs of the machine, and nothing else of this shell. */
export const machine = machineEnvironment(process.env)

function told(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: run \`make bench\``)
  return value
}
