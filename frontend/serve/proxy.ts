import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { ProxyOptions } from 'vite'
import { answerError } from './errors.ts'

/** Longer than any deadline of the services themselves, so that their own answer is preferred to ours. */
const ANSWER_TIMEOUT_MS = 15_000

interface Targets {
  authUrl: string
  backendUrl: string
  /** What `Origin: <ours>` becomes on the way, for a dev server beside the address that the services trust. */
  rewriteOrigin?: { from: string; to: string }
}

/** Same-origin routes to the two services. The order matters: /api/auth is the auth server's, the rest the backend's. */
export function proxyRoutes({ authUrl, backendUrl, rewriteOrigin }: Targets): Record<string, ProxyOptions> {
  const route = (target: string, code: string): ProxyOptions => ({
    target,
    proxyTimeout: ANSWER_TIMEOUT_MS,
    configure: (proxy) => {
      proxy.on('error', (_error, request, answer) => answerUnavailable(request, answer, code))
      proxy.on('proxyRes', breakOffTogether)
      if (!rewriteOrigin) return
      proxy.on('proxyReq', (proxied, request) => {
        if (request.headers.origin === rewriteOrigin.from) proxied.setHeader('origin', rewriteOrigin.to)
      })
    },
  })
  return {
    '^/api/auth(/|\\?|$)': route(authUrl, 'AUTH_SERVER_UNAVAILABLE'),
    '^/api(/|\\?|$)': route(backendUrl, 'BACKEND_UNAVAILABLE'),
  }
}

/** Without this a browser would wait for ever for the rest of an answer whose service has died meanwhile. */
function breakOffTogether(proxied: IncomingMessage, _request: IncomingMessage, answer: ServerResponse): void {
  proxied.on('close', () => {
    if (!proxied.complete) answer.destroy()
  })
}

/** A service that is away is "don't know", in the one error body: Vite's own answer would be a bare 502. */
function answerUnavailable(request: IncomingMessage, answer: ServerResponse | Socket, code: string): void {
  if (!(answer instanceof ServerResponse) || answer.headersSent) {
    answer.destroy()
    return
  }
  answer.setHeader('retry-after', '1')
  answerError(request, answer, { status: 503, code, message: 'The service does not answer. Try again in a moment.' })
}
