import type { IncomingMessage } from 'node:http'

const loopback = ['localhost', '127.0.0.1', '[::1]']

/**
 * Whether the request names this inbox by an address of this machine. A page anywhere can give its own name this
 * machine's address (DNS rebinding) and would then be of one origin with the inbox; its name stays in `Host`.
 */
export function isForThisInbox(request: IncomingMessage): boolean {
  const port = request.socket.localPort
  const own = loopback.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]))
  return own.includes(targetHost(request))
}

/** RFC 9112 §3.2.2: with a whole address in the request line that one counts, and `Host` does not. */
function targetHost({ url = '', headers }: IncomingMessage): string {
  const [, authority] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(url) ?? []
  return (authority ?? headers.host ?? '').toLowerCase()
}
