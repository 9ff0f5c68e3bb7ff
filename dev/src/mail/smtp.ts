import { SMTPServer } from 'smtp-server'
import type { Mailbox } from './mailbox.ts'

const sizeLimit = 10 * 1024 * 1024

/** Takes every mail, from any client, without asking for a login or TLS: it only ever listens on this machine. */
export function createSmtpServer(mailbox: Mailbox): SMTPServer {
  return new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: (_login, _session, done) => done(null, { user: 'anyone' }),
    size: sizeLimit,
    maxClients: 50,
    socketTimeout: 30_000,
    // Off: looking up the client's name would ask a DNS server about 127.0.0.1.
    disableReverseLookup: true,
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      // Past the limit the rest is read and forgotten: the client hears the refusal only after its last byte.
      stream.on('data', (chunk: Buffer) => !stream.sizeExceeded && chunks.push(chunk))
      stream.on('error', done)
      stream.on('end', () => {
        if (stream.sizeExceeded) return done(refusal(552, 'The mail is larger than 10 MiB'))
        const { mailFrom, rcptTo } = session.envelope
        const envelope = { from: mailFrom ? mailFrom.address : '', to: rcptTo.map((recipient) => recipient.address) }
        mailbox.receive(Buffer.concat(chunks), envelope).then(
          () => done(),
          () => done(refusal(554, 'The mail cannot be read')),
        )
      })
    },
  })
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode })
}
