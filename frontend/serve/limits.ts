import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Plugin } from 'vite'
import {
  answerError,
  badRequest,
  type HttpError,
  headersTooLarge,
  methodNotAllowed,
  requestTimeout,
  versionNotSupported,
  writeError,
} from './errors.ts'
import { refuseTunnels, takeUpgradesAsOrdinary } from './ordinary.ts'
import { refusal } from './target.ts'

export const MAX_HEAD_MS = 10_000
/** Longer than the 60 s of common proxies: who closes first must not be us, or a reused connection breaks. */
export const IDLE_MS = 75_000

const BROKEN: Record<string, HttpError> = {
  HPE_HEADER_OVERFLOW: headersTooLarge,
  ERR_HTTP_REQUEST_TIMEOUT: requestTimeout,
  HPE_INVALID_VERSION: versionNotSupported,
  HPE_PAUSED_H2_UPGRADE: versionNotSupported,
}

/** What comes before a request can be answered, for `vite preview`: as the services themselves do it. */
export function boundedServer(): Plugin {
  return {
    name: 'bounded-server',
    configurePreviewServer: ({ httpServer }) => {
      if (!('requestTimeout' in httpServer)) return // HTTP/2, which has none of this
      httpServer.keepAliveTimeout = IDLE_MS
      httpServer.headersTimeout = MAX_HEAD_MS
      limitFirstHead(httpServer)
      refuseBefore(httpServer)
      takeUpgradesAsOrdinary(httpServer)
      refuseTunnels(httpServer, (socket) => writeError(socket, methodNotAllowed))
      httpServer.removeAllListeners('clientError')
      httpServer.on('clientError', answerBroken)
    },
  }
}

/** Node looks for slow heads twice a minute, and Vite gives no way to say otherwise: enough for the later ones. */
function limitFirstHead(server: Server): void {
  const deadlines = new WeakMap<Duplex, NodeJS.Timeout>()
  server.on('connection', (socket) => {
    const deadline = setTimeout(() => writeError(socket, requestTimeout), MAX_HEAD_MS)
    deadlines.set(socket, deadline)
    socket.once('close', () => clearTimeout(deadline))
  })
  server.prependListener('request', ({ socket }) => clearTimeout(deadlines.get(socket)))
}

/** Before Vite's own middleware, the check of the host among it. */
function refuseBefore(server: Server): void {
  const listeners = server.listeners('request')
  server.removeAllListeners('request')
  server.on('request', (request: IncomingMessage, answer: ServerResponse) => {
    const refused = refusal(request)
    if (refused) answerError(request, answer, refused)
    else for (const listener of listeners) listener.call(server, request, answer)
  })
}

function answerBroken(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy()
  else writeError(socket, BROKEN[error.code ?? ''] ?? badRequest)
}
