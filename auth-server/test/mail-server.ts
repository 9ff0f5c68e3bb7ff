import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { freePort } from '../../dev/src/processes/ports.ts'
import { until } from './until.ts'

export type Received = {
  to: string
  messageId: string
  subject: string
  from: string
  text: string
  html: string
  headers: string
}

/** `accept`; a reply code at RCPT TO; or `hang-up`: takes the mail and ends the connection without a reply. */
type Behaviour = 'accept' | 'hang-up' | number

/** A mail server of its own, which does as it is told. */
export async function startMailServer() {
  const mails: Received[] = []
  let behaviour: Behaviour = 'accept'
  // Reserved: nothing else can take it while the server is stopped.
  const port = await freePort()
  let server = await listen(port)

  async function listen(at: number): Promise<SMTPServer> {
    const made = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      onRcptTo: (_address, _session, callback) => {
        if (typeof behaviour !== 'number') return callback()
        callback(Object.assign(new Error('no such mailbox'), { responseCode: behaviour }))
      },
      onData: (stream, session, callback) => {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('end', async () => {
          mails.push(await read(Buffer.concat(chunks), session.envelope.rcptTo[0]?.address ?? ''))
          if (behaviour !== 'hang-up') return callback()
          for (const connection of made.connections) (connection as { close: () => void }).close()
        })
      },
    })
    made.on('error', () => undefined)
    await new Promise<void>((resolve) => made.listen(at, '127.0.0.1', resolve))
    return made
  }

  const stop = () => new Promise<void>((resolve) => server.close(() => resolve()))
  const to = (address: string) => mails.filter((mail) => mail.to === address)
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    to,
    behave: (next: Behaviour) => {
      behaviour = next
    },
    stop,
    start: async () => {
      server = await listen(port)
    },
    /** The nth mail to this address, when it is there. */
    async next(address: string, count = 1): Promise<Received> {
      await until(() => to(address).length >= count)
      const found = to(address)[count - 1]
      if (!found) throw new Error('no mail')
      return found
    },
  }
}

export type MailServer = Awaited<ReturnType<typeof startMailServer>>

async function read(raw: Buffer, to: string): Promise<Received> {
  const { messageId = '', subject = '', from, text = '', html = '' } = await PostalMime.parse(raw)
  const [headers = ''] = raw.toString('latin1').split('\r\n\r\n')
  return { to, messageId, subject, from: from?.address ?? '', text, html, headers }
}

/** What stands behind the # of a mailed link. */
export function linkIn({ text }: Pick<Received, 'text'>): { page: string; token: string; email: string } {
  const [address = ''] = /http\S+#token=\S+/.exec(text) ?? []
  const { pathname, hash } = new URL(address)
  const parameters = new URLSearchParams(hash.slice(1))
  return { page: pathname, token: parameters.get('token') ?? '', email: parameters.get('email') ?? '' }
}
