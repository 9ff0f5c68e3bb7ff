/** What `with-stack` tells about the stack that is measured. */
export type Stack = { authUrl: string; internalUrl: string; apiUrl: string; origin: string; internalToken: string }

export function readStack(): Stack {
  return {
    authUrl: told('STACK_AUTH_URL'),
    internalUrl: told('STACK_AUTH_INTERNAL_URL'),
    apiUrl: told('STACK_API_URL'),
    origin: told('STACK_FRONTEND_URL'),
    internalToken: told('STACK_INTERNAL_TOKEN'),
  }
}

function told(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: run \`make bench\``)
  return value
}
