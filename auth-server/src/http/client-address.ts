import { type BlockList, isIP } from 'node:net'

type Rule = {
  /** The header a proxy of ours sets; undefined: there is no proxy. */
  header: string | undefined
  /** Only from these peers does the header count: anybody can send one. */
  trusted: BlockList
}

/** Azure's gateways and RFC 7239 §6 write a port behind an address; `_…` is RFC 7239's obfuscated port. */
const PORT = String.raw`(?::(?:\d{1,5}|_[A-Za-z0-9._-]+))?`
const IN_BRACKETS = new RegExp(String.raw`^\[([^\]]*)\]${PORT}$`)
const IPV4_WITH_PORT = new RegExp(String.raw`^(\d{1,3}(?:\.\d{1,3}){3})${PORT}$`)

/**
 * The address of the client. A header may hold a list (proxies append): read from the right, the first address that is not one
 * of our proxies. What is no address (`unknown`, `_hidden`) ends the reading: what stands left of it was written by
 * somebody whom no proxy of ours names, so the nearest hop that is known is taken.
 */
export function clientAddress({ header, trusted }: Rule, socketAddress: string | undefined, headers: Headers): string {
  let nearest = normalize(socketAddress) ?? '0.0.0.0'
  const value = header === undefined || !isTrusted(trusted, nearest) ? null : headers.get(header)
  if (value === null) return nearest

  const isForwarded = header?.toLowerCase() === 'forwarded'
  // By every comma, within quotes too: an address has none, and a client could open a quote that hides what follows.
  const members = value.split(',').filter((member) => member.trim() !== '') // RFC 9110 §5.6.1.2: ignore empty ones
  for (const member of members.toReversed()) {
    const hop = readHop(isForwarded ? forOf(member) : member)
    if (hop === undefined) return nearest
    nearest = hop
    if (!isTrusted(trusted, hop)) return hop
  }
  return nearest
}

/** `for=` of one element of RFC 7239; undefined where it has none, or several. */
function forOf(element: string): string | undefined {
  const values = element.split(';').flatMap((pair) => /^\s*for=(.*)$/is.exec(pair)?.[1] ?? [])
  return values.length === 1 ? values[0] : undefined
}

/** As a proxy may write it: quoted, in brackets, with a port, with a zone. */
function readHop(text: string | undefined): string | undefined {
  const trimmed = text?.trim() ?? ''
  const node = /^"(.*)"$/.exec(trimmed)?.[1] ?? trimmed
  return normalize(IN_BRACKETS.exec(node)?.[1] ?? IPV4_WITH_PORT.exec(node)?.[1] ?? node)
}

/**
 * As RFC 5952 writes it, without the zone, which means something on the machine only that wrote it. IPv4 written as IPv6
 * (`::ffff:1.2.3.4`, `::ffff:102:304`) is IPv4, or one client would have two addresses.
 */
function normalize(text: string | undefined): string | undefined {
  const [address = '', zone] = text?.trim().toLowerCase().split('%', 2) ?? []
  if (isIP(address) === 0 || (zone !== undefined && isIP(address) === 4)) return undefined
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
