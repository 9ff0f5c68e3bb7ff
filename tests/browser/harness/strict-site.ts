import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { vi } from 'vitest'
import { buildSite, freePort, isReady, type Site } from './built-site.ts'

const program = fileURLToPath(new URL('../../../auth-server/dist/main.js', import.meta.url))

/** The pages in front of an auth server that requires verified addresses and signs nobody in by mail, on the stack's database and with its inbox. */
export async function startStrictSite(): Promise<Site> {
  const [port, internalPort] = [await freePort(), await freePort()]
  const authUrl = `http://127.0.0.1:${port}`
  const site = await buildSite('', authUrl)
  const { STACK_SECRET, STACK_INTERNAL_TOKEN, STACK_DATABASE_URL, STACK_SMTP_URL } = process.env
  const env = {
    NODE_ENV: 'development',
    LOG_LEVEL: 'warn',
    BETTER_AUTH_SECRET: STACK_SECRET,
    INTERNAL_TOKEN: STACK_INTERNAL_TOKEN,
    DATABASE_URL: STACK_DATABASE_URL,
    PUBLIC_URL: site.url,
    AUTH_PORT: String(port),
    AUTH_INTERNAL_PORT: String(internalPort),
    CLIENT_IP_HEADER: 'x-real-ip',
    SMTP_URL: STACK_SMTP_URL,
    MAIL_FROM: 'no-reply@example.com',
    REQUIRE_EMAIL_VERIFICATION: 'true',
    MAGIC_LINK: 'false',
    EMAIL_CODE: 'false',
  }
  const server = spawn(process.execPath, [program], { env, stdio: 'ignore' })
  await vi.waitUntil(() => isReady(`${authUrl}/health/ready`), { timeout: 30_000, interval: 100 })
  const close = () => {
    server.kill()
    site.close()
  }
  return { url: site.url, close }
}
