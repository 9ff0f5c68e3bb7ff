import { useTexts } from '../texts/language.tsx'
import type { Failure } from './form/failure.ts'

interface Props {
  /** What did not work, in the words of the place. */
  what: string
  failure: Failure
  onRetry?: () => void
}

/** Something outside a form that did not work. */
export function FailureNote({ what, failure, onRetry }: Props) {
  const { problems, common } = useTexts()
  return (
    <div role="alert" className="failure-note">
      <p>
        {what} {failure.issues.map(({ text }) => problems[text]).join(' ')}
      </p>
      {failure.requestId && <p className="request-id">{common.requestId(failure.requestId)}</p>}
      {onRetry && (
        <button type="button" className="button plain" onClick={onRetry}>
          {common.tryAgain}
        </button>
      )}
    </div>
  )
}
