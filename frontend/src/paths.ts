/** The app's own addresses. */
export const paths = { home: '/', signIn: '/sign-in', signUp: '/sign-up' } as const

const LONGEST_NEXT = 2048

/**
 * Where to go after signing in: `next` if it is a page of this app, else the home page.
 *
 * Anybody can write `next` into a link, so it must not lead elsewhere under any reading: not the URL parser's (which drops
 * tabs and reads `\` as `/`), not that of a server that decodes once more, not after dots are resolved.
 */
export function localPath(next: string | null, origin: string): string {
  if (!next || next.length > LONGEST_NEXT || !isPlainPath(next) || !URL.canParse(next, origin)) return paths.home
  const url = new URL(next, origin)
  const isElsewhere = url.origin !== origin || !isPlainPath(url.pathname)
  const isSignIn = url.pathname === paths.signIn || url.pathname === paths.signUp
  return isElsewhere || isSignIn ? paths.home : url.pathname + url.search + url.hash
}

/** The sign-in page that leads back to `from`. The home page is where it leads anyway. */
export function signInPath(from: string): string {
  return from === paths.home ? paths.signIn : `${paths.signIn}?${new URLSearchParams({ next: from })}`
}

/** Starts with exactly one slash, encoded ones counted; no backslash, white space or control character, encoded or not. */
function isPlainPath(path: string): boolean {
  return /^\/(?!\/|%2f|%5c)/i.test(path) && !/[\\\s\p{Cc}\p{Cf}]|%5c|%0|%1|%7f/iu.test(path)
}

/** `path` with the query of the page before: how `next` gets from the sign-in page to the sign-up page and back. */
export function withSearch(path: string, search: string): string {
  return search ? `${path}?${search}` : path
}
