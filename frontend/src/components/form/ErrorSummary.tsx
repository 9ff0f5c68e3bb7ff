import { type MouseEvent, useEffect, useRef } from 'react'
import { Link } from 'wouter'
import { useLanguage, useTexts } from '../../texts/language.tsx'
import { commonTexts } from '../texts.ts'
import { useOnline } from '../useOnline.ts'
import type { ErrorDetails, Issue } from './error-details.ts'
import { formTexts } from './texts.ts'
import { useSecondsLeft } from './useSecondsLeft.ts'

interface Props {
  error: ErrorDetails
  /** The user has entered something that could be thought to be wrong. */
  hasFields: boolean
}

/** Takes the focus when it appears, and links to the fields. When its reason is over, it says only that. */
export function ErrorSummary({ error, hasFields }: Props) {
  const { waitIsOver } = useTexts(formTexts)
  const { backOnline } = useTexts(commonTexts)
  const isOnline = useOnline()
  const left = useSecondsLeft(error.waitSeconds)
  const box = useRef<HTMLDivElement>(null)
  const over = left === 0 ? waitIsOver : error.kind === 'offline' && isOnline ? backOnline : null

  useEffect(() => {
    box.current?.focus()
  }, [])

  return (
    <div role="alert" tabIndex={-1} ref={box} className={over ? 'error-summary over' : 'error-summary'}>
      {over ? <p>{over}</p> : <Problem error={error} hasFields={hasFields} left={left} />}
    </div>
  )
}

function Problem({ error, hasFields, left }: Props & { left: number | null }) {
  const { summaryTitle, entryIsFine, timeLeft } = useTexts(formTexts)
  const { requestId } = useTexts(commonTexts)
  return (
    <>
      <h2>{summaryTitle}</h2>
      <ul>
        {error.issues.map((issue) => (
          <li key={issue.text.en}>
            <IssueText issue={issue} />
          </li>
        ))}
      </ul>
      {hasFields && error.kind === 'unavailable' && <p>{entryIsFine}</p>}
      {left !== null && (
        // Only for the eyes: a screen reader that announced every second would say nothing else.
        <p role="timer" aria-live="off">
          {timeLeft(left)}
        </p>
      )}
      {error.requestId && <p className="request-id">{requestId(error.requestId)}</p>}
    </>
  )
}

function IssueText({ issue: { field, text, link } }: { issue: Issue }) {
  const { language } = useLanguage()
  if (!field) return text[language]

  function focusField(event: MouseEvent): void {
    event.preventDefault()
    if (field) document.getElementById(field)?.focus()
  }

  return (
    <>
      <a href={`#${field}`} onClick={focusField}>
        {text[language]}
      </a>
      {link && <Link href={link.href}>{link.text[language]}</Link>}
    </>
  )
}
