import type { IncomingMessage } from 'node:http'
import { badRequest, type HttpError, methodNotAllowed, notFound, versionNotSupported } from './errors.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
const ABSOLUTE = /^https?:\/\/([^/?#]+)(.*)$/is
const HOST = /^(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/
const ORIGIN_FORM = /^\/[!-~]*$/
/** Another way to write a path: dot segments, plain and encoded (RFC 3986 §5.2.4), and what some read as a slash or as its end. */
const ALIAS = /\/(?:\.|%2e){1,2}(?:\/|$)|%2f|%5c|%00/i

/**
 * The error for a request that no service would accept. The services decide by path, and so does the choice of the service:
 * everyone must read the same path. An absolute target (RFC 9112 §3.2.2) becomes the path and the host that it names.
 */
export function refusal(request: IncomingMessage): HttpError | undefined {
  if (request.httpVersion !== '1.1' && request.httpVersion !== '1.0') return versionNotSupported
  if (!METHODS.includes(request.method ?? '')) return methodNotAllowed
  const { host: hosts = [] } = request.headersDistinct
  if (hosts.length > 1) return badRequest // RFC 9112 §3.2; Node refuses none, except of HTTP/1.0
  request.headers.host ??= 'localhost'
  const [, authority, rest = ''] = ABSOLUTE.exec(request.url ?? '') ?? []
  if (authority !== undefined) {
    if (!HOST.test(authority)) return badRequest
    request.url = rest.startsWith('/') ? rest : `/${rest}`
    request.headers.host = authority
  }
  const url = request.url ?? ''
  const [path = ''] = url.split('?', 1)
  if (!ORIGIN_FORM.test(url) || url.includes('#') || path.includes('\\')) return badRequest
  return ALIAS.test(path) ? notFound : undefined
}
