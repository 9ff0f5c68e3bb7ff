import { useLanguage, useTexts } from '../texts/language.tsx'
import type { ErrorDetails } from './form/error-details.ts'
import { RetryButton } from './RetryButton.tsx'
import { commonTexts } from './texts.ts'
import { useOnline } from './useOnline.ts'

interface Props {
  /** What did not work, in a sentence of the feature's. */
  what: string
  error: ErrorDetails
  retry?: { isRetrying: boolean; onRetry: () => void }
}

/** An error outside a form. */
export function ErrorNote({ what, error, retry }: Props) {
  const { language } = useLanguage()
  const texts = useTexts(commonTexts)
  const isOver = useOnline() && error.kind === 'offline'
  return (
    <div role="alert" className="error-note">
      <p>
        {what} {isOver ? texts.backOnline : error.issues.map(({ text }) => text[language]).join(' ')}
      </p>
      {error.requestId && <p className="request-id">{texts.requestId(error.requestId)}</p>}
      {retry && <RetryButton className="button plain" {...retry} />}
    </div>
  )
}
