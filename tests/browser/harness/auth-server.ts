import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { vi } from 'vitest'
import { freePort } from '../../../dev/src/processes/ports.ts'
import { isReady } from './built-site.ts'

const program = fileURLToPath(new URL('../../../auth-server/dist/main.js', import.meta.url))

/**
 * Another auth server on the stack's database; `more`: its other settings. Resolves with what ends it. It sends no mails, unless
 * `more` has SMTP_URL. Then it also takes mails that the stack's own has to send, and gives them its own links, or none: see
 * vitest.config.ts.
 */
export async function startAuthServer(port: number, more: Record<string, string>): Promise<() => void> {
  const { STACK_SECRET, STACK_INTERNAL_TOKEN, STACK_DATABASE_URL } = process.env
  const env = {
    NODE_ENV: 'development',
    LOG_LEVEL: 'warn',
    BETTER_AUTH_SECRET: STACK_SECRET,
    INTERNAL_TOKEN: STACK_INTERNAL_TOKEN,
    DATABASE_URL: STACK_DATABASE_URL,
    AUTH_PORT: String(port),
    AUTH_INTERNAL_PORT: String(await freePort()),
    CLIENT_IP_HEADER: 'x-real-ip',
    ...more,
  }
  const server = spawn(process.execPath, [program], { env, stdio: 'ignore' })
  await vi.waitUntil(() => isReady(`http://127.0.0.1:${port}/health/ready`), { timeout: 30_000, interval: 100 })
  return () => void server.kill()
}
