/** The app's own addresses. */
export const paths = {
  home: '/',
  account: '/account',
  signIn: '/sign-in',
  signInByMail: '/sign-in/email',
  signInLink: '/sign-in/link',
  signUp: '/sign-up',
  forgotPassword: '/forgot-password',
  resetPassword: '/reset-password',
  verifyEmail: '/verify-email',
  changeEmail: '/change-email',
  deleteAccount: '/delete-account',
} as const

/** The second step of a sign-in, where the first was not made on the sign-in page. The auth server leads here too. */
export const secondFactorPath = `${paths.signIn}?second-factor`

/** The same, and then on to `next`. */
export function secondFactorPathTo(next: string): string {
  return next === paths.home ? secondFactorPath : `${secondFactorPath}&${new URLSearchParams({ next })}`
}

const MAX_NEXT_LENGTH = 2048
/** None of them leads back to itself. */
const WAYS_IN: readonly string[] = [paths.signIn, paths.signInByMail, paths.signInLink, paths.signUp]

/**
 * Where to go after signing in: `next` if it is a page of this app, else the home page.
 *
 * Anyone can put `next` into a link, so it must not lead to another origin however it is read: by the URL parser (which drops
 * tabs and reads `\` as `/`), by a server that decodes once more, or after dots are resolved. The rule is the
 * auth server's for callbackURL and similar parameters (redirect-rule.ts there); both are tested with contract/redirects.json.
 */
export function localPath(next: string | null, origin: string): string {
  if (!next || !isPlain(next) || !URL.canParse(next, origin)) return paths.home
  const url = new URL(next, origin)
  const isElsewhere = url.origin !== origin || !isPlainPath(pathOf(next)) || !isPlainPath(url.pathname)
  const isSignIn = WAYS_IN.includes(url.pathname)
  return isElsewhere || isSignIn ? paths.home : url.pathname + url.search + url.hash
}

/** Where the sign-in page, with this query, leads to. What a provider refused is told on the account page to a user who is signed in. */
export function nextOf(search: string, origin: string): string {
  const query = new URLSearchParams(search)
  const error = query.get('error')
  return error === null
    ? localPath(query.get('next'), origin)
    : `${paths.account}?${new URLSearchParams({ error })}#sign-in-methods`
}

/** The sign-in page that leads back to `from`; the home page is its default. */
export function signInPath(from: string): string {
  return from === paths.home ? paths.signIn : `${paths.signIn}?${new URLSearchParams({ next: from })}`
}

/** A path from the root or http(s):// and a plain host; no backslash, white space, control or format character. */
function isPlain(next: string): boolean {
  const isReadable = next.length <= MAX_NEXT_LENGTH && !/[\\\s\p{Cc}\p{Cf}]/u.test(next)
  return isReadable && /^(?:\/|https?:\/\/[A-Za-z0-9.:[\]-]+(?:[/?#]|$))/i.test(next)
}

/** As it was written, without scheme and host. */
function pathOf(next: string): string {
  return next.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*$/, '')
}

/** No double slash; no slash, backslash or control character that is percent-encoded, once or several times. */
function isPlainPath(path: string): boolean {
  return !path.includes('//') && !/%(?:25)*(?:2f|5c|[01][0-9a-f]|7f)/i.test(path)
}

/** `path` with the current page's query: keeps `next` between the sign-in page and the sign-up page. */
export function withSearch(path: string, search: string): string {
  return search ? `${path}?${search}` : path
}
