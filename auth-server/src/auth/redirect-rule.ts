const MAX_LENGTH = 2048

/** What a reader might drop or take for another character: white space, control and format characters, `\`. */
const AMBIGUOUS = /[\\\s\p{Cc}\p{Cf}]/u

/** `/`, `\` and control characters, encoded once or more often: a server behind us may decode them. */
const ENCODED = /%(?:25)*(?:2f|5c|[01][0-9a-f]|7f)/i

/** A path from the root, or http(s):// and a host in ASCII without user information or escapes. */
const PLAIN = /^(?:\/|https?:\/\/[A-Za-z0-9.:[\]-]+(?:[/?#]|$))/i

/**
 * Whether a browser that is sent to `address` by a page of `own` ends up at one of `allowed`, under every reading: the URL
 * parser's (WHATWG), that of a second one that gets what the first made of it (`/..//x` becomes `//x`), and that of a
 * server that decodes once more. The page's rule for `next` is the same, see frontend/src/paths.ts; both are tested
 * with contract/redirects.json.
 */
export function leadsTo(allowed: readonly string[], own: string, address: string): boolean {
  if (address.length > MAX_LENGTH || AMBIGUOUS.test(address) || !PLAIN.test(address)) return false
  if (!URL.canParse(address, own)) return false
  const url = new URL(address, own)
  return allowed.includes(url.origin) && isPlainPath(pathOf(address)) && isPlainPath(url.pathname)
}

/** As it was written, without the `//` of the scheme. */
function pathOf(address: string): string {
  return address.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*$/, '')
}

function isPlainPath(path: string): boolean {
  return !path.includes('//') && !ENCODED.test(path)
}
