import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Where the running stack is, as `with-stack` says. */
export function address(name: 'STACK_AUTH_URL' | 'STACK_API_URL' | 'STACK_FRONTEND_URL'): string {
  return required(name)
}

/** One statement, as the database's superuser. It passes through a shell: no dollar signs. */
export async function sql(statement: string): Promise<void> {
  await run('sh', ['-c', `${required('STACK_CONTROL')} sql "$0"`, statement])
}

function required(name: string): string {
  const value = process.env[name]
  if (value) return value.replace(/\/$/, '')
  throw new Error(`${name} is not set: \`make test-browser\` runs these tests beside a stack.`)
}
