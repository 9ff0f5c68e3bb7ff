import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

type Handshake = (incoming: IncomingMessage, socket: Duplex, head: Buffer) => boolean

const ABOUT_UPGRADE = ['upgrade', 'http2-settings']

/**
 * Requests that ask for another protocol (`Upgrade: h2c` of curl and Java) are ordinary requests: RFC 9110 §7.8.
 * Node stops reading behind their head. Without a listener it takes them for ordinary ones, and loses the requests
 * that came in one packet with them; with one, it hands the socket over. So the socket comes back as a new connection,
 * beginning with the same head without those headers; what follows is body or next request, as the head says.
 *
 * @param handshake true: this one is a handshake, and taken care of
 */
export function takeUpgradesAsOrdinary(server: Server, handshake: Handshake = () => false): void {
  server.removeAllListeners('upgrade')
  server.on('upgrade', async (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (handshake(incoming, socket, head)) return
    if (!(await isIdle(socket))) return
    socket.unshift(Buffer.concat([Buffer.from(ordinaryHead(incoming), 'latin1'), head]))
    server.emit('connection', socket)
  })
}

/** CONNECT asks for a tunnel and nothing else; without a listener Node closes the connection and says nothing. */
export function refuseTunnels(server: Server, refuse: (socket: Duplex) => void): void {
  server.on('connect', async (_incoming: IncomingMessage, socket: Duplex) => {
    if (await isIdle(socket)) refuse(socket)
  })
}

/**
 * The last thing on a socket that no server counts any more. It is read on for a moment, since closing it over bytes
 * that were not read would reset it, and the peer might lose the response; and no longer, whatever the peer does.
 */
export function endSocket(socket: Duplex, bytes: string): void {
  socket.on('error', () => undefined) // the peer has disconnected
  const cut = setTimeout(() => socket.destroy(), 2000)
  socket.once('close', () => clearTimeout(cut))
  socket.resume()
  socket.end(bytes)
}

/** Resolves when the responses to earlier requests of the connection are out; false where it is gone by then. */
async function isIdle(socket: Duplex & { _httpMessage?: ServerResponse | null }): Promise<boolean> {
  const ignore = () => undefined
  socket.on('error', ignore)
  // Node's own name for the response that a connection is busy with; the next one takes its place before "close".
  for (let busy = socket._httpMessage; busy && !socket.destroyed; busy = socket._httpMessage) await closed(busy)
  socket.off('error', ignore)
  return !socket.destroyed && socket.writable
}

const closed = (response: ServerResponse) => new Promise<void>((resolve) => void response.once('close', resolve))

/** Names and values come from Node's parser, which has refused every byte that could end a line. */
function ordinaryHead({ method, url, httpVersion, rawHeaders }: IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/${httpVersion}`]
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2)
    if (name.toLowerCase() === 'connection') lines.push(`${name}: ${withoutUpgrade(value)}`)
    else if (!ABOUT_UPGRADE.includes(name.toLowerCase())) lines.push(`${name}: ${value}`)
  }
  return `${lines.join('\r\n')}\r\n\r\n`
}

function withoutUpgrade(connection: string): string {
  const options = connection.split(',').map((option) => option.trim())
  return options.filter((option) => !ABOUT_UPGRADE.includes(option.toLowerCase())).join(', ')
}
