import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { type AnswerError, BadRequest, ConfigurationError, MethodNotAllowed } from '../errors.ts'
import type { Log } from '../log.ts'

type Fetch = Parameters<typeof getRequestListener>[0]
/** `variable`: where the port is set, for the operator. */
export type Address = { host: string; port: number; variable: string }

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
const HOST = /^(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/
const PATH = /^\/[\x21-\x7e]*$/

const LIMITS = {
  maxHeaderSize: 16 * 1024,
  requireHostHeader: false, // refusal() answers to that, with a body
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  connectionsCheckingInterval: 2_000,
  // Longer than the 60 s of common proxies: who closes first must not be us, or a reused connection breaks (502).
  keepAliveTimeout: 75_000,
}

/** Listens, with limits that cut slow and oversized callers. Throws ConfigurationError where the port is taken. */
export async function startServer(fetch: Fetch, address: Address, log: Log): Promise<Server> {
  // Called for what looked like a request and is no URL, such as a port above 65535 in Host.
  const errorHandler = () =>
    new Response(bodyOf(new BadRequest()), { status: 400, headers: headersOf(new BadRequest()) })
  const answer = getRequestListener(fetch, { errorHandler })
  const server = createServer(LIMITS, (incoming, outgoing) => {
    const refused = refusal(incoming)
    if (refused) return refuse(outgoing, refused, log)
    void answer(incoming, outgoing)
  })
  server.on('clientError', answerBrokenRequest)
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

/** What cannot become a Request at all, or only by guessing. RFC 9112 §3.2: no Host, and several, are a 400. */
export function refusal({ method = '', url = '', headersDistinct }: IncomingMessage): AnswerError | undefined {
  const [host = '', ...others] = headersDistinct.host ?? []
  if (!METHODS.includes(method)) return new MethodNotAllowed(METHODS)
  if (others.length > 0 || !HOST.test(host) || !PATH.test(url)) return new BadRequest()
  return URL.canParse(`http://${host}${url}`) ? undefined : new BadRequest()
}

function refuse(outgoing: ServerResponse, error: AnswerError, log: Log): void {
  const requestId = randomUUID()
  log.info({ requestId, route: 'unknown', status: error.status }, 'request refused')
  outgoing.writeHead(error.status, { ...headersOf(error), 'x-request-id': requestId, connection: 'close' })
  outgoing.end(bodyOf(error))
}

/** Bytes that are not HTTP, headers that are too large or too slow: there is no request to answer to, only a socket. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const [status, code] = STATUS_OF[error.code ?? ''] ?? ['400 Bad Request', 'BAD_REQUEST']
  const body = JSON.stringify({ code, message: 'This request cannot be read.' })
  const head = [
    `HTTP/1.1 ${status}`,
    'connection: close',
    'content-type: application/json',
    `x-request-id: ${randomUUID()}`,
  ]
  socket.end(`${[...head, `content-length: ${body.length}`].join('\r\n')}\r\n\r\n${body}`)
}

const STATUS_OF: Record<string, [status: string, code: string]> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'HEADERS_TOO_LARGE'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'REQUEST_TIMEOUT'],
}

export const headersOf = (error: AnswerError) => ({ 'content-type': 'application/json', ...error.headers })
export const bodyOf = ({ code, message }: AnswerError) => JSON.stringify({ code, message })
