/** Headers of one connection, not of the message: RFC 9110 §7.6.1. */
const OF_ONE_HOP = [
  ...['connection', 'keep-alive', 'proxy-connection', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer'],
  ...['transfer-encoding', 'upgrade', 'http2-settings', 'expect'],
]

/**
 * Names and values in turn, as Node gives and takes them, of what goes on to the next machine.
 *
 * @param host of a request, whose body is counted and whose target may have named another host than its header
 */
export function endToEnd(rawHeaders: string[], host?: string): string[] {
  const pairs = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? ''] as const] : []))
  const named = pairs.filter(([name]) => name.toLowerCase() === 'connection').flatMap(([, value]) => value.split(','))
  const left = new Set([...OF_ONE_HOP, ...named.map((name) => name.trim().toLowerCase())])
  if (host !== undefined) for (const name of ['host', 'content-length']) left.add(name)
  const kept = pairs.filter(([name]) => !left.has(name.toLowerCase())).flat()
  return host === undefined ? kept : ['host', host, ...kept]
}
