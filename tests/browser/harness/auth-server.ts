import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { vi } from 'vitest'
import { freePort, isReady } from './built-site.ts'

const program = fileURLToPath(new URL('../../../auth-server/dist/main.js', import.meta.url))

/** Another auth server, on the stack's database and with its inbox; `more`: its other settings. Resolves with what ends it. */
export async function startAuthServer(port: number, more: Record<string, string>): Promise<() => void> {
  const { STACK_SECRET, STACK_INTERNAL_TOKEN, STACK_DATABASE_URL, STACK_SMTP_URL } = process.env
  const env = {
    NODE_ENV: 'development',
    LOG_LEVEL: 'warn',
    BETTER_AUTH_SECRET: STACK_SECRET,
    INTERNAL_TOKEN: STACK_INTERNAL_TOKEN,
    DATABASE_URL: STACK_DATABASE_URL,
    AUTH_PORT: String(port),
    AUTH_INTERNAL_PORT: String(await freePort()),
    CLIENT_IP_HEADER: 'x-real-ip',
    SMTP_URL: STACK_SMTP_URL,
    MAIL_FROM: 'no-reply@example.com',
    ...more,
  }
  const server = spawn(process.execPath, [program], { env, stdio: 'ignore' })
  await vi.waitUntil(() => isReady(`http://127.0.0.1:${port}/health/ready`), { timeout: 30_000, interval: 100 })
  return () => void server.kill()
}
