import { machineEnvironment } from '../dev/src/embedded/environment.ts'

/** Where the measured stack is, from `with-stack`. */
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
    authUrl: required('STACK_AUTH_URL'),
    internalUrl: required('STACK_AUTH_INTERNAL_URL'),
    origin: required('STACK_FRONTEND_URL'),
    secret: required('STACK_SECRET'),
    internalToken: required('STACK_INTERNAL_TOKEN'),
    adminUrl: required('STACK_DATABASE_ADMIN_URL'),
  }
}

/** The variables of this shell that every program needs; no other is passed on. */
export const machine = machineEnvironment(process.env)

function required(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: run \`make bench\``)
  return value
}
