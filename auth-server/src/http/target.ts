/** Dot segments, plain and encoded (RFC 3986 §5.2.4), and what some read as a slash or as the end of the path. */
const ALIAS = /\/(?:\.|%2e){1,2}(?:\/|$)|%2f|%5c|%00/i
const ABSOLUTE = /^https?:\/\/([^/?#]*)(.*)$/is
const ORIGIN_FORM = /^\/[!-~]*$/

type Target = {
  /** In origin form, as it was sent. */
  path: string
  /** The host that an absolute form names, which then counts instead of the header (RFC 9112 §3.2.2). */
  authority: string | undefined
}

/** What a request line asks for; undefined where that is no path. */
export function readTarget(url: string): Target | undefined {
  const [, authority, rest = ''] = ABSOLUTE.exec(url) ?? []
  const path = authority === undefined ? url : rest.startsWith('/') ? rest : `/${rest}`
  // A fragment is no part of a request (RFC 9112 §3.2), and a backslash is a slash for browsers.
  const isPath = ORIGIN_FORM.test(path) && !path.includes('#') && !withoutQuery(path).includes('\\')
  return isPath ? { path, authority } : undefined
}

/**
 * Whether a proxy would read this path as another one: one that decides by path must see the path that is served.
 * Looks at the bytes as they came, since a URL object has no dot segments any more.
 */
export function isAlias(path: string): boolean {
  return ALIAS.test(withoutQuery(path))
}

function withoutQuery(path: string): string {
  const end = path.indexOf('?')
  return end === -1 ? path : path.slice(0, end)
}
