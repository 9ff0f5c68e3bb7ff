import type { Client } from '../../api/client.ts'
import { readText, UnexpectedResponse } from '../../api/read.ts'

interface Flow {
  provider: string
  /** Where the browser is led afterwards, and where if it does not work: paths of the app. */
  next: string
  onError: string
}

/** Leaves the page for the provider's. Resolves if the user comes back to it as it was (with the browser's Back). */
export async function signInAt(auth: Client, flow: Flow): Promise<void> {
  await leaveFor(await auth('POST', '/api/auth/sign-in/social', readUrl, bodyOf(flow)))
}

/** The same, for one more way into the account of the user who is signed in. */
export async function linkAt(auth: Client, flow: Flow): Promise<void> {
  await leaveFor(await auth('POST', '/api/auth/link-social', readUrl, bodyOf(flow)))
}

/** Absolute: the auth server may have an origin of its own. */
function bodyOf({ provider, next, onError }: Flow) {
  const [callbackURL, errorCallbackURL] = [location.origin + next, location.origin + onError]
  return { provider, callbackURL, newUserCallbackURL: callbackURL, errorCallbackURL, disableRedirect: true }
}

/** Of a page to go to. */
export function readUrl(body: unknown): string {
  const url = readText(body, 'url')
  if (!/^https?:\/\//.test(url)) throw new UnexpectedResponse('url is no address of a page')
  return url
}

/** Resolves if the user comes back to the page as it was. */
export function leaveFor(url: string): Promise<void> {
  const isBack = new Promise<void>((resolve) => addEventListener('pageshow', () => resolve(), { once: true }))
  location.assign(url)
  return isBack
}
