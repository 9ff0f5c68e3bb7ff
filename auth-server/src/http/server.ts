import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import { ConfigurationError, type ErrorCode, HttpError, methodNotAllowed } from '../errors.ts'
import type { Log } from '../log.ts'
import { endSocket, refuseTunnels, takeUpgradesAsOrdinary } from './ordinary.ts'
import { isAlias, readTarget } from './target.ts'

type Fetch = Parameters<typeof getRequestListener>[0]
/** `variable`: where the port is set, for the operator. */
export type Address = { host: string; port: number; variable: string }

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
const HOST = /^(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/
const VERSIONS = ['1.1', '1.0']
/** In URLs made of requests of HTTP/1.0 that name none; nothing decides by it. */
const NAMELESS_HOST = 'localhost'

/** The same as those of the backend and the proxies where contract/limits.json has them. */
export const LIMITS = {
  maxHeaderSize: 32 * 1024, // cookies that the backend accepts must not be too many here, nor the other way round
  requireHostHeader: false, // refusal() does, with a body
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  connectionsCheckingInterval: 2_000,
  // Longer than the 60 s of common proxies: if this side closed first, a connection that is reused would break (502).
  keepAliveTimeout: 75_000,
}

/** Listens, with limits on slow and oversized requests. Throws ConfigurationError where the port is taken. */
export async function startServer(fetch: Fetch, address: Address, log: Log): Promise<Server> {
  // Called for what looked like a request and is no URL, such as a port above 65535 in Host.
  const errorHandler = () =>
    new Response(bodyOf(new HttpError('BAD_REQUEST')), {
      status: 400,
      headers: headersOf(new HttpError('BAD_REQUEST')),
    })
  const respond = getRequestListener(fetch, { errorHandler, hostname: NAMELESS_HOST })
  const server = createServer(LIMITS, (incoming, outgoing) => {
    const refused = refusal(incoming)
    if (refused) return refuse(outgoing, refused, log)
    void respond(incoming, outgoing)
  })
  server.on('clientError', refuseBrokenRequest)
  takeUpgradesAsOrdinary(server)
  refuseTunnels(server, (socket) => write(socket, methodNotAllowed(METHODS)))
  await listen(server, address)
  log.info(server.address(), 'listening')
  return server
}

/** Stops accepting, lets what is under way finish, and cuts what is left after `graceMs`. */
export async function stopServer(server: Server, graceMs: number): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), graceMs)
  // A connection that was busy turns idle later, and would be kept open for the client's next request.
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  await new Promise((resolve) => server.close(resolve))
  clearTimeout(cut)
  clearInterval(sweep)
}

function listen(server: Server, { host, port, variable }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new ConfigurationError([`${variable}: cannot listen on ${host}:${port} (${error.code ?? 'unknown'})`]))
    })
    server.listen(port, host, resolve)
  })
}

/**
 * What cannot become a Request at all, or only by guessing. RFC 9112 §3.2: no Host, and several, are a 400.
 * An absolute target becomes the path that it names, so that every rule by path sees it in one form.
 */
export function refusal(incoming: IncomingMessage): HttpError | undefined {
  const { method = '', url = '', httpVersion, headersDistinct } = incoming
  if (!VERSIONS.includes(httpVersion)) return new HttpError('HTTP_VERSION_NOT_SUPPORTED')
  if (!METHODS.includes(method)) return methodNotAllowed(METHODS)
  const { host: hosts = httpVersion === '1.0' ? [NAMELESS_HOST] : [] } = headersDistinct
  const target = readTarget(url)
  if (!target || hosts.length !== 1 || !hosts.every((host) => HOST.test(host))) return new HttpError('BAD_REQUEST')
  if (isAlias(target.path)) return new HttpError('NOT_FOUND')
  if (target.authority !== undefined) {
    if (!HOST.test(target.authority)) return new HttpError('BAD_REQUEST')
    incoming.url = target.path
    incoming.headers.host = target.authority
  }
  return URL.canParse(`http://${target.authority ?? hosts[0]}${target.path}`) ? undefined : new HttpError('BAD_REQUEST')
}

function refuse(outgoing: ServerResponse, error: HttpError, log: Log): void {
  const requestId = randomUUID()
  log.info({ requestId, route: 'unknown', status: error.status }, 'request refused')
  outgoing.writeHead(error.status, { ...headersOf(error), 'x-request-id': requestId, connection: 'close' })
  outgoing.end(bodyOf(error))
}

/** Bytes that are not HTTP, headers that are too large or too slow: there is no request to respond to, only a socket. */
function refuseBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  write(socket, new HttpError(CODE_OF[error.code ?? ''] ?? 'BAD_REQUEST'))
}

/** By Node's own code of what is wrong. */
const CODE_OF: Record<string, ErrorCode> = {
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
  HPE_INVALID_VERSION: 'HTTP_VERSION_NOT_SUPPORTED',
  HPE_PAUSED_H2_UPGRADE: 'HTTP_VERSION_NOT_SUPPORTED', // HTTP/2's preface, RFC 9113 §3.4
}

/** On the socket itself, and the last thing on it. */
function write(socket: Duplex, refused: HttpError): void {
  const body = bodyOf(refused)
  const head = [
    `HTTP/1.1 ${refused.status} ${STATUS_CODES[refused.status] ?? ''}`,
    ...Object.entries(headersOf(refused)).map(([name, value]) => `${name}: ${value}`),
    'connection: close',
    `x-request-id: ${randomUUID()}`,
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  endSocket(socket, `${head.join('\r\n')}\r\n\r\n${body}`)
}

export const headersOf = ({ headers }: Pick<HttpError, 'headers'>) => ({
  'content-type': 'application/json',
  ...headers,
})
export const bodyOf = ({ code, message }: Pick<HttpError, 'code' | 'message'>) => JSON.stringify({ code, message })
