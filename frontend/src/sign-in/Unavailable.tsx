import { useEffect } from 'react'
import type { Reason } from '../api/request-error.ts'
import { Heading } from '../components/Heading.tsx'
import { Page } from '../components/Page.tsx'
import { commonTexts } from '../components/texts.ts'
import { useServices } from '../services.ts'
import { useTexts } from '../texts/language.tsx'
import { checkTexts } from './texts.ts'

const RETRY_MS = 3_000

/** It is not known whether a user is signed in. Not the sign-in page: that would say "signed out". */
export function Unavailable({ reason }: { reason: Reason }) {
  const texts = useTexts(checkTexts)
  const { tryAgain, requestId: supportText } = useTexts(commonTexts)
  const { session } = useServices()
  const isOffline = reason.kind === 'offline'
  const requestId = reason.kind === 'offline' ? null : reason.requestId

  // Each failed check brings a new `reason`, and with it the next try.
  useEffect(() => {
    const waitMs = reason.kind === 'tooMany' ? reason.retryAfterSeconds * 1000 : RETRY_MS
    const timer = setTimeout(() => void session.check(), waitMs)
    return () => clearTimeout(timer)
  }, [session, reason])

  return (
    <Page layout="card">
      <Heading>{isOffline ? texts.offlineTitle : texts.unavailableTitle}</Heading>
      <p>{isOffline ? texts.offline : texts.unavailable}</p>
      <button type="button" className="button" onClick={() => void session.check()}>
        {tryAgain}
      </button>
      {requestId && <p className="request-id">{supportText(requestId)}</p>}
    </Page>
  )
}
