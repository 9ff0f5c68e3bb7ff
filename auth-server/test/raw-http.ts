import { connect } from 'node:net'

type Request = { method: string; path: string; headers: [name: string, value: string][]; body?: string }

/** One request with exactly these header lines, as bytes (ISO 8859-1): fetch() tidies headers up or refuses them. */
export function exchange(url: string, { method, path, headers, body = '' }: Request) {
  const { hostname, port } = new URL(url)
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'host: localhost',
    'connection: close',
    ...(body === '' ? [] : [`content-length: ${Buffer.byteLength(body)}`]),
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ]
  return new Promise<{ status: number; head: string; body: string }>((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', reject)
    socket.on('end', () => {
      const [head = '', ...rest] = Buffer.concat(chunks).toString('utf8').split('\r\n\r\n')
      const status = Number(head.split(' ')[1])
      resolve({ status, head, body: unchunked(head, rest.join('\r\n\r\n')) })
    })
    socket.write(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'))
    socket.write(body)
  })
}

function unchunked(head: string, body: string): string {
  if (!/^transfer-encoding: chunked/im.test(head)) return body
  return body.replace(/(?:^|\r\n)[0-9a-f]+\r\n/gi, '').trimEnd()
}
