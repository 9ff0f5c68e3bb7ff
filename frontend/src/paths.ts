/** The app's own addresses. */
export const paths = { home: '/', signIn: '/sign-in', signUp: '/sign-up' } as const

const LONGEST_NEXT = 2048

/**
 * Where to go after signing in: `next` if it is a page of this app, else the home page.
 *
 * Anybody can write `next` into a link, so it must not lead elsewhere under any reading: not the URL parser's (which drops
 * tabs and reads `\` as `/`), not that of a server that decodes once more, not after dots are resolved. The rule is the
 * auth server's for callbackURL and its like (redirect-rule.ts there); both are tested with contract/redirects.json.
 */
export function localPath(next: string | null, origin: string): string {
  if (!next || !isPlain(next) || !URL.canParse(next, origin)) return paths.home
  const url = new URL(next, origin)
  const isElsewhere = url.origin !== origin || !isPlainPath(pathOf(next)) || !isPlainPath(url.pathname)
  const isSignIn = url.pathname === paths.signIn || url.pathname === paths.signUp
  return isElsewhere || isSignIn ? paths.home : url.pathname + url.search + url.hash
}

/** The sign-in page that leads back to `from`. The home page is where it leads anyway. */
export function signInPath(from: string): string {
  return from === paths.home ? paths.signIn : `${paths.signIn}?${new URLSearchParams({ next: from })}`
}

/** A path from the root or http(s):// and a plain host; no backslash, white space, control or format character. */
function isPlain(next: string): boolean {
  const isReadable = next.length <= LONGEST_NEXT && !/[\\\s\p{Cc}\p{Cf}]/u.test(next)
  return isReadable && /^(?:\/|https?:\/\/[A-Za-z0-9.:[\]-]+(?:[/?#]|$))/i.test(next)
}

/** As it was written, with `//` of the scheme taken away. */
function pathOf(next: string): string {
  return next.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*$/, '')
}

/** No second slash beside one; no slash, backslash or control character encoded, once or more often. */
function isPlainPath(path: string): boolean {
  return !path.includes('//') && !/%(?:25)*(?:2f|5c|[01][0-9a-f]|7f)/i.test(path)
}

/** `path` with the query of the page before: how `next` gets from the sign-in page to the sign-up page and back. */
export function withSearch(path: string, search: string): string {
  return search ? `${path}?${search}` : path
}
