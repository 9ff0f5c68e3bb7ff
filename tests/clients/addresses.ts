/** Where the running stack is, from `with-stack`. */
export function address(name: 'STACK_AUTH_URL' | 'STACK_API_URL' | 'STACK_FRONTEND_URL'): string {
  const value = process.env[name]
  if (value) return value.replace(/\/$/, '')
  throw new Error(`${name} is not set: \`make test-browser\` runs these tests beside a stack.`)
}
