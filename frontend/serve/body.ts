import type { IncomingMessage } from 'node:http'
import { type HttpError, payloadTooLarge, requestTimeout } from './errors.ts'

/** As much as the services take, and as long as they wait for it. */
export const MAX_BYTES = 64 * 1024
export const MAX_MS = 20_000

/** The whole body, before a service hears of the request: a slow client holds none of its connections. */
export function readBody(request: IncomingMessage): Promise<Buffer | HttpError> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BYTES) return Promise.resolve(payloadTooLarge)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const deadline = setTimeout(() => resolve(requestTimeout), MAX_MS)
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= MAX_BYTES) chunks.push(chunk)
      else resolve(payloadTooLarge)
    })
    request.on('end', () => resolve(Buffer.concat(chunks)))
    request.on('error', reject)
    request.on('close', () => {
      clearTimeout(deadline)
      reject(new Error('the client has gone'))
    })
  })
}
