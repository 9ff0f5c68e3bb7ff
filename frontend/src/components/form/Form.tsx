import type { FormEvent, ReactNode } from 'react'
import { useTexts } from '../../texts/language.tsx'
import { useAnnounceWhen } from '../announcer.ts'
import { commonTexts } from '../texts.ts'
import { type Action, isBusy } from '../useAction.ts'
import { FormContext } from './context.ts'
import { ErrorSummary } from './ErrorSummary.tsx'

interface Props {
  submission: Action<[FormData]>
  /** The button's text, and its text while the action runs. */
  submit: string
  busy: string
  children?: ReactNode
  /** Beside the button. */
  aside?: ReactNode
}

/** Errors, fields and one button. The browser's own validation bubbles are off. */
export function Form({ submission: { progress, run }, submit, busy, children, aside }: Props) {
  const { slow } = useTexts(commonTexts)
  const isSlow = progress.kind === 'slow'
  useAnnounceWhen(isSlow, slow)
  const error = progress.kind === 'failed' ? progress.error : null

  function handleSubmit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    run(new FormData(event.currentTarget))
  }

  return (
    <form method="post" noValidate className="form" aria-busy={isBusy(progress)} onSubmit={handleSubmit}>
      {error && <ErrorSummary error={error} hasFields={Boolean(children)} />}
      <FormContext value={error?.issues ?? []}>{children}</FormContext>
      <div className="actions">
        <button type="submit" className="button" aria-busy={isBusy(progress)} aria-disabled={isBusy(progress)}>
          {isBusy(progress) ? busy : submit}
        </button>
        {aside}
      </div>
      {isSlow && <p className="quiet">{slow}</p>}
    </form>
  )
}
