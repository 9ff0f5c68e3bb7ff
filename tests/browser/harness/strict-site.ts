import { freePort } from '../../../dev/src/processes/ports.ts'
import { startAuthServer } from './auth-server.ts'
import { buildSite, type Site } from './built-site.ts'
import { stack } from './stack.ts'

/** The pages in front of an auth server that requires verified addresses and signs nobody in by mail. */
export async function startStrictSite(): Promise<Site> {
  const port = await freePort()
  const site = await buildSite('', `http://127.0.0.1:${port}`)
  const stop = await startAuthServer(port, {
    PUBLIC_URL: site.url,
    REQUIRE_EMAIL_VERIFICATION: 'true',
    MAGIC_LINK: 'false',
    EMAIL_CODE: 'false',
    SMTP_URL: stack.smtpUrl,
    MAIL_FROM: 'no-reply@example.com',
  })
  const close = () => {
    stop()
    site.close()
  }
  return { url: site.url, close }
}
