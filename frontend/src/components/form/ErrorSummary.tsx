import { type MouseEvent, useEffect, useRef } from 'react'
import { useTexts } from '../../texts/language.tsx'
import { Countdown } from './Countdown.tsx'
import type { Failure, Issue } from './failure.ts'

/** Takes the focus when it appears, and leads to the fields. */
export function ErrorSummary({ failure }: { failure: Failure }) {
  const texts = useTexts()
  const box = useRef<HTMLDivElement>(null)

  useEffect(() => {
    box.current?.focus()
  }, [])

  return (
    <div role="alert" tabIndex={-1} ref={box} className="error-summary">
      <h2>{texts.problems.title}</h2>
      <ul>
        {failure.issues.map((issue) => (
          <li key={issue.text}>
            <IssueText issue={issue} />
          </li>
        ))}
      </ul>
      {failure.waitSeconds !== null && <Countdown seconds={failure.waitSeconds} />}
      {failure.requestId && <p className="request-id">{texts.common.requestId(failure.requestId)}</p>}
    </div>
  )
}

function IssueText({ issue: { field, text } }: { issue: Issue }) {
  const message = useTexts().problems[text]
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
