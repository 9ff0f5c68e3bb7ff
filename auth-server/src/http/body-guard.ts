import type { IncomingMessage } from 'node:http'
import type { MiddlewareHandler } from 'hono'
import { HttpError } from '../errors.ts'
import type { HttpEnv } from './context.ts'
import { parseJsonObject } from './json-object.ts'

export const MAX_BYTES = 64 * 1024
/** A parameter that JSON does not have says nothing; a charset must be UTF-8. */
const PARAMETER = /^\s*(?:([!#-'*+.^`|~\w-]+)=("?)([!#-'*+.^`|~\w/ -]*)\2)?\s*$/

/** Reads the body once, bounded, before anybody else sees it. No body is fine: sign-out needs none. */
export function bodyGuard(): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    if (c.req.method !== 'GET') c.set('body', await readBody(c.env.incoming))
    await next()
  }
}

async function readBody(incoming: IncomingMessage): Promise<Record<string, unknown> | undefined> {
  const { headers } = incoming
  if (Number(headers['content-length'] ?? 0) > MAX_BYTES) throw new HttpError('PAYLOAD_TOO_LARGE')
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new HttpError('UNSUPPORTED_MEDIA_TYPE', { message: 'Send the body without Content-Encoding.' })
  }
  const bytes = await readBytes(incoming)
  if (bytes.length === 0) return undefined
  if (!isJson(incoming.headersDistinct['content-type'])) throw new HttpError('UNSUPPORTED_MEDIA_TYPE')
  return parseJsonObject(bytes)
}

function isJson([contentType = '', ...others]: string[] = []): boolean {
  const [mediaType = '', ...parameters] = contentType.split(';')
  return others.length === 0 && mediaType.trim().toLowerCase() === 'application/json' && parameters.every(isUtf8)
}

function isUtf8(parameter: string): boolean {
  const read = PARAMETER.exec(parameter)
  if (!read) return false
  const [, name = '', , value = ''] = read
  return name.toLowerCase() !== 'charset' || ['utf-8', 'utf8'].includes(value.toLowerCase())
}

/** Counts while reading: a chunked body announces no length. From Node's stream: made a web stream first, it costs more than the rest of the guard. */
export function readBytes(incoming: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= MAX_BYTES) chunks.push(chunk)
      else reject(new HttpError('PAYLOAD_TOO_LARGE'))
    })
    incoming.on('end', () => resolve(Buffer.concat(chunks)))
    incoming.on('close', () => reject(new HttpError('BAD_REQUEST', { message: 'The body ended early.' })))
    incoming.on('error', () => reject(new HttpError('BAD_REQUEST', { message: 'The body ended early.' })))
  })
}
