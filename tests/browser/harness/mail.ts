import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { stack } from './stack.ts'

/** Sends a mail as it stands here, line by line, to the stack's inbox. */
export async function sendMail(to: string, lines: string[]): Promise<void> {
  const { hostname, port } = new URL(stack.smtpUrl)
  const socket = connect(Number(port), hostname)
  const replies = createInterface({ input: socket })[Symbol.asyncIterator]()
  const reply = async () => {
    let line = ''
    do line = String((await replies.next()).value)
    while (line[3] === '-') // more lines of this reply follow
    if (!/^[23]/.test(line)) throw new Error(`The inbox says: ${line}`)
  }
  await reply()
  const data = `${lines.join('\r\n')}\r\n.`
  for (const line of ['EHLO test', 'MAIL FROM:<app@example.com>', `RCPT TO:<${to}>`, 'DATA', data, 'QUIT']) {
    socket.write(`${line}\r\n`)
    await reply()
  }
  await once(socket, 'close')
}
