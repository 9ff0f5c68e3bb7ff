import { useCallback, useMemo, useState } from 'react'
import type { Reason } from '../api/request-error.ts'
import { Heading } from '../components/Heading.tsx'
import { Page } from '../components/Page.tsx'
import { RetryButton } from '../components/RetryButton.tsx'
import { useAutomaticRetry } from '../components/retry.ts'
import { commonTexts } from '../components/texts.ts'
import { useServices } from '../services.ts'
import { useTexts } from '../texts/language.tsx'
import { checkTexts } from './texts.ts'

/** It is not known whether a user is signed in. Not the sign-in page: that would say "signed out". */
export function Unavailable({ reason }: { reason: Reason }) {
  const texts = useTexts(checkTexts)
  const { requestId: supportText } = useTexts(commonTexts)
  const { isRetrying, retry } = useCheckAgain(reason)
  const isOffline = reason.kind === 'offline'
  const requestId = reason.kind === 'unavailable' ? reason.requestId : null

  return (
    <Page layout="card">
      <Heading>{isOffline ? texts.offlineTitle : texts.unavailableTitle}</Heading>
      <p>{isOffline ? texts.offline : texts.unavailable}</p>
      <RetryButton className="button" isRetrying={isRetrying} onRetry={retry} />
      {requestId && <p className="request-id">{supportText(requestId)}</p>}
    </Page>
  )
}

function useCheckAgain(reason: Reason) {
  const { session } = useServices()
  const [{ failures, isRetrying }, setState] = useState({ failures: 1, isRetrying: false })

  const retry = useCallback(() => {
    setState((now) => ({ ...now, isRetrying: true }))
    void session.check().finally(() => setState((now) => ({ failures: now.failures + 1, isRetrying: false })))
  }, [session])

  useAutomaticRetry(
    useMemo(() => (isRetrying ? null : { reason, failures }), [isRetrying, reason, failures]),
    retry,
  )
  return { isRetrying, retry }
}
