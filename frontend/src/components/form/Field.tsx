import type { ReactNode } from 'react'
import { useTexts } from '../../texts/language.tsx'
import { useIssue } from './context.ts'

/** What ties an input to its hint and its error. */
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

/** A visible label, a hint, what is wrong, and the input between them. */
export function Field({ name, label, hint, children }: Props) {
  const { problems } = useTexts()
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
          {problems[issue.text]}
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
