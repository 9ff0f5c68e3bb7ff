import { readLook } from '../brand.ts'
import { readInboxEnv } from '../env.ts'
import { createMailServer } from './api.ts'
import { createMailbox } from './mailbox.ts'
import { createSmtpServer } from './smtp.ts'

const { host, smtpPort, port, publicPort, brandFolder } = readInboxEnv()
const mailbox = createMailbox({ mails: 1000, bytes: 64 * 1024 * 1024 })
const smtp = createSmtpServer(mailbox)
const http = createMailServer(mailbox, readLook(brandFolder), publicPort)

// A port that is taken ends the process with Node's own message, which names it.
smtp.on('error', (error) => {
  if ('syscall' in error && error.syscall === 'listen') throw error
})
await new Promise<void>((resolve) => smtp.listen(smtpPort, host, resolve))
http.listen(port, host, () => {
  process.stdout.write(`mail inbox: SMTP on ${host}:${smtpPort}, pages on http://${host}:${port}\n`)
})

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    http.close()
    http.closeAllConnections()
    smtp.close(() => process.exit(0))
    // smtp-server waits for clients that keep their connection.
    setTimeout(() => process.exit(0), 1000).unref()
  })
}
