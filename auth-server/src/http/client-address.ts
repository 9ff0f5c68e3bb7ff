import { type BlockList, isIP } from 'node:net'

type Rule = {
  /** The header a proxy of ours sets; undefined: there is no proxy. */
  header: string | undefined
  /** Only from these peers does the header count: anybody can send one. */
  trusted: BlockList
}

/**
 * Who is asking. A header may hold a list (proxies append): read from the right, the first address that is not one
 * of our proxies. Anything that is not an address ends the reading, and the socket's address is taken.
 */
export function clientAddress({ header, trusted }: Rule, socketAddress: string | undefined, headers: Headers): string {
  const peer = normalize(socketAddress) ?? '0.0.0.0'
  const value = header === undefined || !isTrusted(trusted, peer) ? null : headers.get(header)
  if (value === null) return peer

  const hops = value.split(',').map(normalize)
  for (const hop of hops.toReversed()) {
    if (hop === undefined) return peer
    if (!isTrusted(trusted, hop)) return hop
  }
  return hops[0] ?? peer
}

/** IPv4 written as IPv6 (`::ffff:1.2.3.4`, `::ffff:102:304`) is IPv4, or one person would have two addresses. */
function normalize(text: string | undefined): string | undefined {
  const address = text?.trim().toLowerCase()
  if (address === undefined || isIP(address) === 0 || address.includes('%')) return undefined
  if (isIP(address) === 4) return address
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical) ?? []
  if (high === undefined || low === undefined) return canonical
  const bits = Number.parseInt(high, 16) * 65_536 + Number.parseInt(low, 16)
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.')
}

function isTrusted(trusted: BlockList, address: string): boolean {
  return trusted.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')
}
