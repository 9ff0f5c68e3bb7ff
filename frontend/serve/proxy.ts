import http, { Agent, type IncomingMessage, type ServerResponse } from 'node:http'
import https from 'node:https'
import { pipeline } from 'node:stream'
import type { Connect, Plugin } from 'vite'
import { readBody } from './body.ts'
import { answerError, type HttpError } from './errors.ts'
import { endToEnd } from './hops.ts'

/** Longer than any deadline of the services themselves, so that their own answer is preferred to ours. */
export const ANSWER_TIMEOUT_MS = 15_000
/** Shorter than the services' 75 s: a request must not meet a connection that they are just closing. */
export const IDLE_MS = 30_000

interface Targets {
  authUrl: string
  backendUrl: string
}

interface Service {
  url: URL
  away: HttpError
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
    (request, answer, next) => {
      const route = routes.find(({ matches }) => matches.test(request.url ?? ''))
      if (route) void pass(request, answer, route.service, rewrite)
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
    away: { status: 503, code, message: 'The service does not answer. Try again in a moment.' },
    agent: target.protocol === 'https:' ? new https.Agent(options) : new Agent(options),
  }
}

async function pass(request: IncomingMessage, answer: ServerResponse, service: Service, rewrite?: RewriteOrigin) {
  const body = await readBody(request).catch(() => undefined)
  if (body === undefined) return void answer.destroy()
  if (!Buffer.isBuffer(body)) return answerError(request, answer, body)
  const headers = endToEnd(request.rawHeaders, request.headers.host)
  if (hasBody(request)) headers.push('content-length', String(body.length))
  if (rewrite) replaceOrigin(headers, rewrite)
  send({ request, answer, service, headers, body }, service.agent)
}

interface Exchange {
  request: IncomingMessage
  answer: ServerResponse
  service: Service
  headers: string[]
  body: Buffer
}

function send(exchange: Exchange, agent: Agent | false): void {
  const { request, answer, service, headers, body } = exchange
  const { method, url: path } = request
  const { protocol, hostname, port } = service.url
  const client = protocol === 'https:' ? https : http
  const host = hostname.replace(/^\[|\]$/g, '')
  const asked = client.request({ host, port, method, path, headers, agent, timeout: ANSWER_TIMEOUT_MS })
  const hangUp = () => asked.destroy()
  answer.once('close', hangUp) // the browser has gone, or the exchange is over
  asked.on('timeout', () => asked.destroy(new Error('no answer in time')))
  asked.on('response', (given) => {
    answer.writeHead(given.statusCode ?? 502, given.statusMessage, endToEnd(given.rawHeaders))
    // Breaks off what a service breaks off: a browser would wait for the rest, or take a half for the whole.
    pipeline(given, answer, () => undefined)
  })
  asked.on('error', () => {
    answer.off('close', hangUp)
    if (answer.headersSent || answer.destroyed) return void answer.destroy()
    // The service closed an idle connection at this moment. Only what changes nothing may be sent twice.
    if (asked.reusedSocket && (method === 'GET' || method === 'HEAD')) return send(exchange, false)
    answerError(request, answer, service.away, { 'retry-after': '1', 'x-retry-after': '1' })
  })
  asked.end(body)
}

const hasBody = ({ headers }: IncomingMessage) =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined

function replaceOrigin(headers: string[], { from, to }: RewriteOrigin): void {
  const at = headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'origin')
  if (at !== -1 && headers[at + 1] === from) headers[at + 1] = to
}
