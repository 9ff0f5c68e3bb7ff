type Parts = { method?: string; path: string; headers?: Record<string, string>; body?: unknown }

/** The bytes of a request, prepared once and sent many times. */
export function request({ method = 'GET', path, headers = {}, body }: Parts): Buffer {
  const text = body === undefined ? '' : JSON.stringify(body)
  const entity = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': `${text.length}` }
  const fields = Object.entries({ host: '127.0.0.1', ...headers, ...entity })
  const lines = [`${method} ${path} HTTP/1.1`, ...fields.map(([name, value]) => `${name}: ${value}`)]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${text}`)
}

/** Fills up with an unused header, so that parsing the request costs every contender the same. */
export function padded(parts: Parts, length: number): Buffer {
  const withPadding = (padding: string) => request({ ...parts, headers: { ...parts.headers, 'x-padding': padding } })
  return withPadding('x'.repeat(length - withPadding('').length))
}
