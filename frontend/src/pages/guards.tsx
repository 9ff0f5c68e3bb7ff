import type { ReactNode } from 'react'
import { Redirect, useSearch } from 'wouter'
import type { User } from '../api/answers.ts'
import { localPath, signInPath } from '../paths.ts'
import { useSession } from '../services.ts'
import { Loading } from './Loading.tsx'
import { SignInAgain } from './SignInAgain.tsx'
import { Unavailable } from './Unavailable.tsx'

/** A page for somebody who is signed in; others are sent to sign in and come back. */
export function SignedInOnly({ children }: { children: (user: User) => ReactNode }) {
  const session = useSession()

  switch (session.kind) {
    case 'loading':
      return <Loading />
    case 'unavailable':
      return <Unavailable problem={session.problem} />
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

/** The pages that lead to a session; who has one is led on to where they wanted to go. */
export function GuestOnly({ children }: { children: ReactNode }) {
  const session = useSession()
  const next = new URLSearchParams(useSearch()).get('next')

  switch (session.kind) {
    case 'loading':
      return <Loading />
    case 'unavailable':
      return <Unavailable problem={session.problem} />
    case 'nobody':
      return children
    case 'user':
    case 'ended':
      return <Redirect to={localPath(next, location.origin)} replace />
  }
}
