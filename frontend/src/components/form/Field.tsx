import type { ReactNode } from 'react'
import { useLanguage } from '../../texts/language.tsx'
import { useIssue } from './context.ts'

/** Connects an input to its hint and its error. */
export interface Described {
  'aria-invalid': boolean
  'aria-describedby': string | undefined
}

interface Props {
  name: string
  label: string
  hint?: string | undefined
  children: (described: Described) => ReactNode
}

/** A label, the input, its error and a hint. */
export function Field({ name, label, hint, children }: Props) {
  const { language } = useLanguage()
  const issue = useIssue(name)
  const hintId = `${name}-hint`
  const errorId = `${name}-error`
  const describedBy = [hint && hintId, issue && errorId].filter(Boolean).join(' ')

  return (
    <div className="field">
      <label htmlFor={name}>{label}</label>
      {children({ 'aria-invalid': Boolean(issue), 'aria-describedby': describedBy || undefined })}
      {issue && (
        <p id={errorId} className="field-error">
          {issue.text[language]}
        </p>
      )}
      {hint && (
        <p id={hintId} className="hint">
          {hint}
        </p>
      )}
    </div>
  )
}
