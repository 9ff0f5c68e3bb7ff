import { useEffect } from 'react'
import type { Problem } from '../api/problem.ts'
import { Heading } from '../components/Heading.tsx'
import { Page } from '../components/Page.tsx'
import { useServices } from '../services.ts'
import { useTexts } from '../texts/language.tsx'

const RETRY_MS = 3_000

/** Nobody knows whether somebody is signed in. Not the sign-in page: that would say "signed out". */
export function Unavailable({ problem }: { problem: Problem }) {
  const { unavailable, common } = useTexts()
  const { session } = useServices()
  const isOffline = problem.kind === 'offline'
  const requestId = problem.kind === 'offline' ? null : problem.requestId

  // Each failed check brings a problem of its own, and with it the next try.
  useEffect(() => {
    const waitMs = problem.kind === 'tooMany' ? problem.retryAfterSeconds * 1000 : RETRY_MS
    const timer = setTimeout(() => void session.check(), waitMs)
    return () => clearTimeout(timer)
  }, [session, problem])

  return (
    <Page layout="card">
      <Heading>{isOffline ? unavailable.offlineTitle : unavailable.title}</Heading>
      <p>{isOffline ? unavailable.offlineText : unavailable.text}</p>
      <button type="button" className="button" onClick={() => void session.check()}>
        {common.tryAgain}
      </button>
      {requestId && <p className="request-id">{common.requestId(requestId)}</p>}
    </Page>
  )
}
