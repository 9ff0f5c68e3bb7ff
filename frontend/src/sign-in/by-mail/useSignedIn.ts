import { useLocation } from 'wouter'
import { paths, secondFactorPathTo } from '../../paths.ts'
import { useServices } from '../../services.ts'
import type { MailedSignedIn } from './calls.ts'
import type { MailHistory } from './history.ts'

/** What comes after a link or a code: the second factor, a page that says what is gone, or the page that was wanted. */
export function useSignedIn(next: string) {
  const { session } = useServices()
  const [, navigate] = useLocation()
  return async function goOn(signedIn: MailedSignedIn, email: string): Promise<void> {
    if (signedIn === 'half') return navigate(secondFactorPathTo(next))
    // First: as soon as there is a session, a page for guests leads on.
    const state: MailHistory = { claimed: { email, next } }
    if (signedIn === 'claimed') navigate(paths.signInLink, { replace: true, state })
    await session.begin()
    if (signedIn === 'whole') navigate(next, { replace: true })
  }
}
