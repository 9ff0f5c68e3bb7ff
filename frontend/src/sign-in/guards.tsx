import type { ReactNode } from 'react'
import { Redirect, useSearch } from 'wouter'
import { Page } from '../components/Page.tsx'
import { localPath, signInPath } from '../paths.ts'
import { useSession } from '../services.ts'
import type { User } from '../session/user.ts'
import { useTexts } from '../texts/language.tsx'
import { SignInAgain } from './SignInAgain.tsx'
import { checkTexts } from './texts.ts'
import { Unavailable } from './Unavailable.tsx'

/** A page for a signed-in user; others are sent to sign in and come back. */
export function SignedInOnly({ children }: { children: (user: User) => ReactNode }) {
  const session = useSession()

  switch (session.kind) {
    case 'loading':
      return <Loading />
    case 'unavailable':
      return <Unavailable reason={session.reason} />
    case 'nobody':
      return <Redirect to={signInPath(location.pathname + location.search + location.hash)} replace />
    case 'user':
    case 'ended':
      return (
        <>
          {children(session.user)}
          {session.kind === 'ended' && <SignInAgain ended={session} />}
        </>
      )
  }
}

/** The pages that lead to a session; a signed-in user is redirected to the page that they wanted. */
export function GuestOnly({ children }: { children: ReactNode }) {
  const session = useSession()
  const next = new URLSearchParams(useSearch()).get('next')

  switch (session.kind) {
    case 'loading':
      return <Loading />
    case 'unavailable':
      return <Unavailable reason={session.reason} />
    case 'nobody':
      return children
    case 'user':
    case 'ended':
      return <Redirect to={localPath(next, location.origin)} replace />
  }
}

/** Invisible for the first moments: most checks are over by then. */
function Loading() {
  const { loading } = useTexts(checkTexts)
  return (
    <Page layout="card">
      <p role="status" className="quiet-wait">
        {loading}
      </p>
    </Page>
  )
}
