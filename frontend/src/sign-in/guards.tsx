import { type ReactNode, useEffect, useState } from 'react'
import { Redirect, useSearch } from 'wouter'
import { useAnnounceWhen } from '../components/announcer.ts'
import { OfflineLine } from '../components/OfflineLine.tsx'
import { nextOf, signInPath } from '../paths.ts'
import { useSession } from '../services.ts'
import type { User } from '../session/user.ts'
import { useTexts } from '../texts/language.tsx'
import { SignInAgain } from './SignInAgain.tsx'
import { checkTexts } from './texts.ts'
import { Unavailable } from './Unavailable.tsx'

interface SignedInOnlyProps {
  /** Stands for the page until it is known who is signed in. */
  placeholder: ReactNode
  children: (user: User) => ReactNode
}

/** A page for a signed-in user; others are sent to sign in and come back. */
export function SignedInOnly({ placeholder, children }: SignedInOnlyProps) {
  const session = useSession()

  switch (session.kind) {
    case 'loading':
      return (
        <>
          {placeholder}
          <Loading />
        </>
      )
    case 'unavailable':
      return <Unavailable reason={session.reason} />
    case 'nobody':
      return <Redirect to={signInPath(location.pathname + location.search + location.hash)} replace />
    case 'user':
    case 'ended':
      return (
        <>
          <OfflineLine />
          {session.kind === 'ended' && <SignInAgain ended={session} />}
          {children(session.user)}
        </>
      )
  }
}

/** The pages that lead to a session; a signed-in user is redirected to the page that they wanted. */
export function GuestOnly({ children }: { children: ReactNode }) {
  const session = useSession()
  const search = useSearch()

  switch (session.kind) {
    // The same elements in both: the page is there, unseen, so that nothing jumps when it may be shown.
    case 'loading':
    case 'nobody': {
      const isLoading = session.kind === 'loading'
      return (
        <div className={isLoading ? 'guest loading' : 'guest'} inert={isLoading}>
          {children}
          {isLoading && <Loading />}
        </div>
      )
    }
    case 'unavailable':
      return <Unavailable reason={session.reason} />
    case 'user':
    case 'ended':
      return <Redirect to={nextOf(search, location.origin)} replace />
  }
}

/** The pages that mails lead to, in any browser: who is signed in there decides what they ask for, and what they warn of. */
export function Anybody({ children }: { children: ReactNode }) {
  return useSession().kind === 'loading' ? <Loading /> : children
}

/** Most checks are over before anybody could read that they are running. */
const SAY_AFTER_MS = 1000

function Loading() {
  const { loading } = useTexts(checkTexts)
  const [isLate, setLate] = useState(false)
  useAnnounceWhen(isLate, loading)

  useEffect(() => {
    const timer = setTimeout(() => setLate(true), SAY_AFTER_MS)
    return () => clearTimeout(timer)
  }, [])

  return isLate && <p className="quiet-wait">{loading}</p>
}
