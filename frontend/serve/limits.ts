import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Plugin } from 'vite'
import {
  badRequest,
  type HttpError,
  headersTooLarge,
  methodNotAllowed,
  requestTimeout,
  sendError,
  versionNotSupported,
  writeError,
} from './errors.ts'
import { refuseTunnels, takeUpgradesAsOrdinary } from './ordinary.ts'
import { refusal } from './target.ts'

export const MAX_HEAD_MS = 10_000
/** Longer than the 60 s of common proxies: if we closed first, a request on a reused connection could be lost. */
export const IDLE_MS = 75_000

const BROKEN: Record<string, HttpError> = {
  HPE_HEADER_OVERFLOW: headersTooLarge,
  ERR_HTTP_REQUEST_TIMEOUT: requestTimeout,
  HPE_INVALID_VERSION: versionNotSupported,
  HPE_PAUSED_H2_UPGRADE: versionNotSupported,
}

/** Refuses what must not reach a handler, for `vite preview`, as the services themselves do. */
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
      httpServer.on('clientError', refuseBroken)
    },
  }
}

/** Node checks for slow heads only every 30 s, which Vite cannot change. That is enough for later requests of a connection. */
function limitFirstHead(server: Server): void {
  const deadlines = new WeakMap<Duplex, NodeJS.Timeout>()
  server.on('connection', (socket) => {
    const deadline = setTimeout(() => writeError(socket, requestTimeout), MAX_HEAD_MS)
    deadlines.set(socket, deadline)
    socket.once('close', () => clearTimeout(deadline))
  })
  server.prependListener('request', ({ socket }) => clearTimeout(deadlines.get(socket)))
}

/** Before Vite's own middleware, which includes its check of the host. */
function refuseBefore(server: Server): void {
  const listeners = server.listeners('request')
  server.removeAllListeners('request')
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const refused = refusal(request)
    if (refused) sendError(request, response, refused)
    else for (const listener of listeners) listener.call(server, request, response)
  })
}

function refuseBroken(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy()
  else writeError(socket, BROKEN[error.code ?? ''] ?? badRequest)
}
