import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

interface HttpError {
  status: number
  code: string
  message: string
}

export const notFound: HttpError = { status: 404, code: 'NOT_FOUND', message: 'There is nothing here.' }
export const methodNotAllowed: HttpError = {
  status: 405,
  code: 'METHOD_NOT_ALLOWED',
  message: 'This path does not answer to that method.',
}

/** The one error body of all services, with the request id that a support case needs. */
export function answerError(request: IncomingMessage, answer: ServerResponse, error: HttpError): void {
  answer.writeHead(error.status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-request-id': requestId(request),
  })
  answer.end(JSON.stringify({ code: error.code, message: error.message }))
}

function requestId(request: IncomingMessage): string {
  const sent = request.headers['x-request-id']
  return typeof sent === 'string' && /^[A-Za-z0-9._-]{8,64}$/.test(sent) ? sent : randomUUID()
}
