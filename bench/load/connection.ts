import { connect } from 'node:net'

/** `head`: status line and header fields, in lower case. */
export type Response = { status: number; head: string }
export type Connection = {
  /** One request at a time. Rejects when the connection ends first. */
  send(request: Buffer): Promise<Response>
  close(): void
}

/**
 * One HTTP/1.1 connection on a bare socket, kept open: prepared bytes out, a response in. A real client costs many times as
 * much, and would be what is measured.
 */
export async function openConnection(port: number): Promise<Connection> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  let waiting: { resolve(response: Response): void; reject(error: Error): void } | undefined
  let received: Buffer | undefined

  socket.on('data', (chunk) => {
    received = received === undefined ? chunk : Buffer.concat([received, chunk])
    const response = readResponse(received)
    if (!response) return
    received = undefined
    waiting?.resolve(response)
  })
  socket.on('error', (error) => waiting?.reject(error))
  socket.on('close', () => waiting?.reject(new Error(`port ${port} closed the connection`)))

  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        socket.write(request)
      }),
    close: () => void socket.destroy(),
  }
}

/** Undefined until the response has arrived to its last byte. RFC 9112 §6: a length, or chunks up to an empty one. */
function readResponse(bytes: Buffer): Response | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = bytes.toString('latin1', 0, end).toLowerCase()
  const length = /\r\ncontent-length: (\d+)/.exec(head)
  const isWhole = length ? bytes.length >= end + 4 + Number(length[1]) : bytes.subarray(-5).equals(LAST_CHUNK)
  return isWhole ? { status: Number(head.slice(9, 12)), head } : undefined
}

const LAST_CHUNK = Buffer.from('0\r\n\r\n')
