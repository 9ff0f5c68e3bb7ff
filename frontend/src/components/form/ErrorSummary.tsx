import { type MouseEvent, useEffect, useRef } from 'react'
import { useLanguage, useTexts } from '../../texts/language.tsx'
import { commonTexts } from '../texts.ts'
import { Countdown } from './Countdown.tsx'
import type { ErrorDetails, Issue } from './error-details.ts'
import { formTexts } from './texts.ts'

/** Takes the focus when it appears, and links to the fields. */
export function ErrorSummary({ error }: { error: ErrorDetails }) {
  const { summaryTitle } = useTexts(formTexts)
  const { requestId } = useTexts(commonTexts)
  const box = useRef<HTMLDivElement>(null)

  useEffect(() => {
    box.current?.focus()
  }, [])

  return (
    <div role="alert" tabIndex={-1} ref={box} className="error-summary">
      <h2>{summaryTitle}</h2>
      <ul>
        {error.issues.map((issue) => (
          <li key={issue.text.en}>
            <IssueText issue={issue} />
          </li>
        ))}
      </ul>
      {error.waitSeconds !== null && <Countdown seconds={error.waitSeconds} />}
      {error.requestId && <p className="request-id">{requestId(error.requestId)}</p>}
    </div>
  )
}

function IssueText({ issue: { field, text } }: { issue: Issue }) {
  const message = text[useLanguage().language]
  if (!field) return message

  function focusField(event: MouseEvent): void {
    event.preventDefault()
    if (field) document.getElementById(field)?.focus()
  }

  return (
    <a href={`#${field}`} onClick={focusField}>
      {message}
    </a>
  )
}
