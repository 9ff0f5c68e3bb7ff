import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Look } from '../brand.ts'
import type { Mail, Mailbox } from './mailbox.ts'
import { listPage, mailPage, missingPage } from './page.ts'

const pageSize = 50
const loopback = ['localhost', '127.0.0.1', '[::1]']

/** dev/run.sh puts it beside this program too, when that is one file. */
const script = readFileSync(new URL('browser/inbox.js', import.meta.url))

/**
 * Pages for browsers, and the part of Mailpit's API that tests and scripts use.
 * @param publicPort the one that browsers name, where that is not the one it listens on
 */
export function createMailServer(mailbox: Mailbox, look: Look, publicPort?: number): Server {
  return createServer((request, response) => {
    if (isForThisInbox(request, publicPort)) respond(mailbox, look, request, response)
    else json(response, 421, { Error: 'this inbox is at localhost' })
  })
}

function respond(mailbox: Mailbox, look: Look, request: IncomingMessage, response: ServerResponse) {
  const url = new URL(`http://inbox${(request.url ?? '/').replace(/^\/+/, '/')}`)
  const route = `${request.method === 'HEAD' ? 'GET' : request.method} ${url.pathname}`
  if (route === 'GET /livez' || route === 'GET /readyz') return text(response, 'ok')
  if (route === 'GET /') return html(response, 200, listPage(mailbox.all(), look))
  if (route === 'GET /inbox.js') return send(response, 200, 'text/javascript; charset=utf-8', script)
  if (route === 'GET /events') return followChanges(mailbox, request, response)
  if (route === 'GET /api/v1/messages') return json(response, 200, listing(mailbox.all(), mailbox.all(), url))
  if (route === 'DELETE /api/v1/messages') {
    if (isFromAnotherSite(request)) return json(response, 403, { Error: 'cross-site request' })
    mailbox.clear()
    return text(response, 'ok')
  }
  if (route === 'GET /api/v1/search') {
    return json(response, 200, listing(mailbox.all(), mailbox.search(url.searchParams.get('query') ?? ''), url))
  }
  const [, kind, id] = route.match(/^GET \/(api\/v1\/message|mail)\/([0-9a-z]+)$/) ?? []
  const mail = id ? mailbox.find(id) : undefined
  const view = url.searchParams.get('view') === 'text' ? 'text' : 'html'
  if (kind === 'mail' && mail) return html(response, 200, mailPage(mail, view, look))
  if (kind === 'mail') return html(response, 404, missingPage('mail', look))
  if (kind && mail) return json(response, 200, mail)
  if (request.headers.accept?.includes('text/html')) return html(response, 404, missingPage('page', look))
  return json(response, 404, { Error: 'not found' })
}

/** https://html.spec.whatwg.org/multipage/server-sent-events.html : an event without content for each change. */
function followChanges(mailbox: Mailbox, request: IncomingMessage, response: ServerResponse) {
  if (isFromAnotherSite(request)) return json(response, 403, { Error: 'cross-site request' })
  writeHead(response, 200, 'text/event-stream')
  response.write('retry: 1000\n\n')
  response.once(
    'close',
    mailbox.watch(() => response.write('data:\n\n')),
  )
}

/**
 * Whether the request names this inbox by an address of this machine. A page anywhere can give its own name this
 * machine's address (DNS rebinding) and would then be of one origin with the inbox; its name stays in `Host`.
 */
function isForThisInbox(request: IncomingMessage, publicPort: number | undefined): boolean {
  const port = publicPort ?? request.socket.localPort
  const own = loopback.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]))
  return own.includes(targetHost(request))
}

/** RFC 9112 §3.2.2: with a whole address in the request line that one counts, and `Host` does not. */
function targetHost({ url = '', headers }: IncomingMessage): string {
  const [, authority] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(url) ?? []
  return (authority ?? headers.host ?? '').toLowerCase()
}

function listing(all: Mail[], found: Mail[], url: URL) {
  const start = numberOf(url, 'start', 0)
  const page = found.slice(start, start + numberOf(url, 'limit', pageSize))
  return {
    total: all.length,
    unread: all.length,
    count: page.length,
    messages_count: found.length,
    start,
    messages: page.map(({ Text, HTML, ...summary }) => ({ ...summary, Snippet: Text.slice(0, 250) })),
  }
}

function numberOf(url: URL, name: string, fallback: number): number {
  const number = Number(url.searchParams.get(name) ?? fallback)
  return Number.isSafeInteger(number) && number >= 0 ? number : fallback
}

/** Any page that a developer has open may send requests to localhost. */
function isFromAnotherSite(request: IncomingMessage): boolean {
  return ['cross-site', 'same-site'].includes(String(request.headers['sec-fetch-site'] ?? ''))
}

function text(response: ServerResponse, body: string) {
  send(response, 200, 'text/plain; charset=utf-8', body)
}

function json(response: ServerResponse, status: number, body: unknown) {
  send(response, status, 'application/json', JSON.stringify(body))
}

function html(response: ServerResponse, status: number, body: string) {
  // Mails come from anywhere: nothing is loaded from outside, not even images (they report who reads). The one script is a
  // file of ours, which a mail cannot run: its frame has a sandbox.
  const policy =
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; img-src data:; " +
    "base-uri 'none'; frame-ancestors 'self'; form-action 'none'; require-trusted-types-for 'script'"
  response.setHeader('content-security-policy', policy)
  send(response, status, 'text/html; charset=utf-8', body)
}

function send(response: ServerResponse, status: number, type: string, body: string | Buffer) {
  writeHead(response, status, type)
  response.end(body)
}

function writeHead(response: ServerResponse, status: number, type: string) {
  response.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // Another port of localhost is another origin of the same site: its pages must not read mails either.
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
  })
}
