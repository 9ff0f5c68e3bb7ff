import type { MiddlewareHandler } from 'hono'
import { BadRequest, PayloadTooLarge, UnsupportedMediaType } from '../errors.ts'
import type { HttpEnv } from './context.ts'
import { parseJsonObject } from './json-object.ts'

const MAX_BYTES = 64 * 1024
const JSON_TYPE = /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i

/** Reads the body once, bounded, before anybody else sees it. No body is fine: sign-out needs none. */
export function bodyGuard(): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    if (c.req.method !== 'GET') c.set('body', await readBody(c.req.raw))
    await next()
  }
}

async function readBody(request: Request): Promise<Record<string, unknown> | undefined> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BYTES) throw new PayloadTooLarge()
  const encoding = request.headers.get('content-encoding') ?? 'identity'
  if (encoding !== 'identity') throw new UnsupportedMediaType('Send the body without Content-Encoding.')
  const bytes = await readBytes(request)
  if (bytes.length === 0) return undefined
  if (!JSON_TYPE.test(request.headers.get('content-type') ?? '')) throw new UnsupportedMediaType()
  return parseJsonObject(bytes)
}

/** Counts while reading: a chunked body announces no length. */
async function readBytes(request: Request): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.length
      if (size > MAX_BYTES) throw new PayloadTooLarge()
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof PayloadTooLarge) throw error
    throw new BadRequest('The body ended early.')
  }
  return Buffer.concat(chunks)
}
