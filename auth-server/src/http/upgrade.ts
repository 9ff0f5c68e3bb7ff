import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { HttpEnv } from './context.ts'
import { takeUpgradesAsOrdinary } from './ordinary.ts'
import { bodyOf, headersOf, refusal } from './server.ts'

type Accept = (socket: WebSocket) => void
type Fetch = (request: Request, env: Partial<HttpEnv['Bindings']>) => Response | Promise<Response>

/** A service's message has 40 bytes. */
const MAX_MESSAGE_BYTES = 256

/**
 * WebSocket handshakes go through the same app as all other requests: token, log line and error body are the same.
 * A route accepts by calling `c.env.upgrade`; any other response is written as it is. What asks for another protocol and
 * is no such handshake is an ordinary request.
 */
export function acceptUpgrades(server: Server, fetch: Fetch): void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false })
  takeUpgradesAsOrdinary(server, (incoming, socket, head) => {
    if (!isHandshake(incoming)) return false
    void shakeHands(incoming, socket, head)
    return true
  })

  async function shakeHands(incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => undefined) // the peer has disconnected
    const { response, accept } = await ask(fetch, incoming)
    if (socket.destroyed) return
    if (accept) sockets.handleUpgrade(incoming, socket, head, accept)
    else await write(socket, response)
  }
}

/** RFC 6455 §4.1: a GET of HTTP/1.1 without a body. */
function isHandshake({ method, httpVersion, headers }: IncomingMessage): boolean {
  const hasBody = headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'
  return method === 'GET' && httpVersion === '1.1' && !hasBody && headers.upgrade?.toLowerCase() === 'websocket'
}

async function ask(
  fetch: Fetch,
  incoming: IncomingMessage,
): Promise<{ response: Response; accept: Accept | undefined }> {
  const { headersDistinct, method = 'GET', url = '/' } = incoming
  const refused = refusal(incoming)
  if (refused) {
    const { status } = refused
    return { response: new Response(bodyOf(refused), { status, headers: headersOf(refused) }), accept: undefined }
  }
  const headers = new Headers(Object.entries(headersDistinct).map(([name, values = []]) => [name, values.join(', ')]))
  let accept: Accept | undefined
  const upgrade = (chosen: Accept) => {
    accept = chosen
  }
  const request = new Request(`http://${headers.get('host')}${url}`, { method, headers })
  return { response: await fetch(request, { incoming, upgrade }), accept }
}

async function write(socket: Duplex, response: Response): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer())
  const head = [
    `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? ''}`,
    ...[...response.headers].map(([name, value]) => `${name}: ${value}`),
    `content-length: ${body.length}`,
    'connection: close',
  ]
  // Both ways: the peer may leave its own half open for ever, and no server counts this socket any more.
  socket.once('finish', () => socket.destroy())
  socket.end(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]))
}
