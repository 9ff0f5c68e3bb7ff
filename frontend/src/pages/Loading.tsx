import { Page } from '../components/Page.tsx'
import { useTexts } from '../texts/language.tsx'

/** Quiet, and invisible for the first moments: most checks are over by then. */
export function Loading() {
  return (
    <Page layout="card">
      <p role="status" className="quiet-wait">
        {useTexts().common.loading}
      </p>
    </Page>
  )
}
