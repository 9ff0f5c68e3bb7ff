import { useLanguage, useTexts } from '../texts/language.tsx'
import type { ErrorDetails } from './form/error-details.ts'
import { commonTexts } from './texts.ts'

interface Props {
  /** What did not work, in a sentence of the feature's. */
  what: string
  error: ErrorDetails
  onRetry?: () => void
}

/** An error outside a form. */
export function ErrorNote({ what, error, onRetry }: Props) {
  const { language } = useLanguage()
  const texts = useTexts(commonTexts)
  return (
    <div role="alert" className="error-note">
      <p>
        {what} {error.issues.map(({ text }) => text[language]).join(' ')}
      </p>
      {error.requestId && <p className="request-id">{texts.requestId(error.requestId)}</p>}
      {onRetry && (
        <button type="button" className="button plain" onClick={onRetry}>
          {texts.tryAgain}
        </button>
      )}
    </div>
  )
}
