import http, { Agent, type IncomingMessage, type ServerResponse } from 'node:http'
import https from 'node:https'
import { pipeline } from 'node:stream'
import type { Connect, Plugin } from 'vite'
import { readBody } from './body.ts'
import { type HttpError, sendError } from './errors.ts'
import { endToEnd } from './hops.ts'

/** Longer than any deadline of the services themselves, so that their own error is sent rather than ours. */
export const RESPONSE_TIMEOUT_MS = 15_000
/** Shorter than the services' 75 s: a request must not meet a connection that they are just closing. */
export const IDLE_MS = 30_000

interface Targets {
  authUrl: string
  backendUrl: string
}

interface Service {
  url: URL
  unavailable: HttpError
  agent: Agent
}

/** What `Origin: <ours>` becomes on the way, for a dev server beside the address that the services trust. */
type RewriteOrigin = { from: string; to: string }

/** Same-origin routes to the two services. The order matters: /api/auth is the auth server's, the rest the backend's. */
export function serviceProxy(targets: Targets, rewriteOrigin?: RewriteOrigin): Plugin {
  const routes = [
    { matches: /^\/api\/auth(?:\/|\?|$)/, service: serviceAt(targets.authUrl, 'AUTH_SERVER_UNAVAILABLE') },
    { matches: /^\/api(?:\/|\?|$)/, service: serviceAt(targets.backendUrl, 'BACKEND_UNAVAILABLE') },
  ]
  const proxy =
    (rewrite?: RewriteOrigin): Connect.NextHandleFunction =>
    (request, response, next) => {
      const route = routes.find(({ matches }) => matches.test(request.url ?? ''))
      if (route) void pass(request, response, route.service, rewrite)
      else next()
    }
  return {
    name: 'service-proxy',
    configureServer: ({ middlewares }) => void middlewares.use(proxy(rewriteOrigin)),
    configurePreviewServer: ({ middlewares }) => void middlewares.use(proxy()),
  }
}

function serviceAt(url: string, code: string): Service {
  const target = new URL(url)
  const options = { keepAlive: true, timeout: IDLE_MS }
  return {
    url: target,
    unavailable: { status: 503, code, message: 'The service is unavailable. Try again in a moment.' },
    agent: target.protocol === 'https:' ? new https.Agent(options) : new Agent(options),
  }
}

async function pass(request: IncomingMessage, response: ServerResponse, service: Service, rewrite?: RewriteOrigin) {
  const body = await readBody(request).catch(() => undefined)
  if (body === undefined) return void response.destroy()
  if (!Buffer.isBuffer(body)) return sendError(request, response, body)
  const headers = endToEnd(request.rawHeaders, request.headers.host)
  if (hasBody(request)) headers.push('content-length', String(body.length))
  if (rewrite) replaceOrigin(headers, rewrite)
  send({ request, response, service, headers, body }, service.agent)
}

interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  service: Service
  headers: string[]
  body: Buffer
}

function send(exchange: Exchange, agent: Agent | false): void {
  const { request, response, service, headers, body } = exchange
  const { method, url: path } = request
  const { protocol, hostname, port } = service.url
  const client = protocol === 'https:' ? https : http
  const host = hostname.replace(/^\[|\]$/g, '')
  const outgoing = client.request({ host, port, method, path, headers, agent, timeout: RESPONSE_TIMEOUT_MS })
  const hangUp = () => outgoing.destroy()
  response.once('close', hangUp) // the browser has gone, or the exchange is over
  outgoing.on('timeout', () => outgoing.destroy(new Error('no response in time')))
  outgoing.on('response', (incoming) => {
    response.writeHead(incoming.statusCode ?? 502, incoming.statusMessage, endToEnd(incoming.rawHeaders))
    // A response that the service breaks off is broken off here too: the browser must not take a half for the whole.
    pipeline(incoming, response, () => undefined)
  })
  outgoing.on('error', () => {
    response.off('close', hangUp)
    if (response.headersSent || response.destroyed) return void response.destroy()
    // The service closed an idle connection just now. Only a request that changes nothing may be sent twice.
    if (outgoing.reusedSocket && (method === 'GET' || method === 'HEAD')) return send(exchange, false)
    sendError(request, response, service.unavailable, { 'retry-after': '1', 'x-retry-after': '1' })
  })
  outgoing.end(body)
}

const hasBody = ({ headers }: IncomingMessage) =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined

function replaceOrigin(headers: string[], { from, to }: RewriteOrigin): void {
  const at = headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'origin')
  if (at !== -1 && headers[at + 1] === from) headers[at + 1] = to
}
