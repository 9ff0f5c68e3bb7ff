import { randomInt } from 'node:crypto'
import { createClient, PASSWORD } from './client.ts'
import { PATIENT, startTestStack } from './harness.ts'
import { linkIn, startMailServer } from './mail-server.ts'

/** A stack that sends its mails to a server of its own. Each request may come from another address: limits go by it. */
export async function startMailedStack(changes: Record<string, string> = {}) {
  const mail = await startMailServer()
  const stack = await startTestStack({
    ...PATIENT,
    SMTP_URL: mail.url,
    MAIL_FROM: 'Acme <no-reply@acme.org>',
    CLIENT_IP_HEADER: 'x-real-ip',
    ...changes,
  })

  /** Somebody at a client address of their own. */
  function somebody() {
    const client = createClient(stack)
    const headers = { 'x-real-ip': `2001:db8:${hex()}:${hex()}::1` }
    return {
      ...client,
      post: (path: string, body: Record<string, unknown> = {}) =>
        client.post(`/api/auth${path}`, {
          body,
          headers: { ...headers, 'x-real-ip': `2001:db8:${hex()}:${hex()}::1` },
        }),
      get: (path: string) => client.get(`/api/auth${path}`, { headers }),
    }
  }

  return {
    ...stack,
    mail,
    somebody,
    signIn: (email: string, password = PASSWORD) => somebody().post('/sign-in/email', { email, password }),
    /** The link of the nth mail to this address. */
    link: async (email: string, count = 1) => linkIn(await mail.next(email, count)),
    /** So that the next mail of any kind is not too soon after the last. */
    coolDown: () => stack.sql(`DELETE FROM "rateLimit" WHERE key LIKE 'mail|%'`),
    stop: async () => {
      await stack.stop()
      await mail.stop()
    },
  }
}

export type MailedStack = Awaited<ReturnType<typeof startMailedStack>>

const hex = () => randomInt(65_536).toString(16)
