import { randomUUID } from 'node:crypto'
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { endSocket } from './ordinary.ts'

export interface HttpError {
  status: number
  code: string
  message: string
}

/** As in the services: contract/limits.json. */
export const REQUEST_ID = /^[A-Za-z0-9._-]{8,64}$/
const MALFORMED = 'The request is malformed.'

export const badRequest: HttpError = { status: 400, code: 'BAD_REQUEST', message: MALFORMED }
export const notFound: HttpError = { status: 404, code: 'NOT_FOUND', message: 'There is nothing here.' }
export const methodNotAllowed: HttpError = {
  status: 405,
  code: 'METHOD_NOT_ALLOWED',
  message: 'This path does not support this method.',
}
export const requestTimeout: HttpError = {
  status: 408,
  code: 'REQUEST_TIMEOUT',
  message: 'The request took too long to arrive.',
}
export const payloadTooLarge: HttpError = {
  status: 413,
  code: 'PAYLOAD_TOO_LARGE',
  message: 'A body may have at most 64 KiB.',
}
export const headersTooLarge: HttpError = {
  status: 431,
  code: 'HEADERS_TOO_LARGE',
  message: 'The request line and headers are too large.',
}
export const versionNotSupported: HttpError = {
  status: 505,
  code: 'HTTP_VERSION_NOT_SUPPORTED',
  message: 'This server supports HTTP/1.1 and HTTP/1.0.',
}

/** The error body of all services, with the request id that support asks for. */
export function sendError(
  request: IncomingMessage,
  response: ServerResponse,
  error: HttpError,
  headers: Record<string, string> = {},
): void {
  response.writeHead(error.status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-request-id': requestId(request),
    ...headers,
  })
  response.end(bodyOf(error))
}

/** Straight to the socket, and the last thing on it: there is no request that could have a response. */
export function writeError(socket: Duplex, error: HttpError): void {
  const body = bodyOf(error)
  const head = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ''}`,
    'content-type: application/json',
    'cache-control: no-store',
    'connection: close',
    `x-request-id: ${randomUUID()}`,
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  endSocket(socket, `${head.join('\r\n')}\r\n\r\n${body}`)
}

const bodyOf = ({ code, message }: HttpError) => JSON.stringify({ code, message })

function requestId(request: IncomingMessage): string {
  const sent = request.headers['x-request-id']
  return typeof sent === 'string' && REQUEST_ID.test(sent) ? sent : randomUUID()
}
