import type { FormEvent, ReactNode } from 'react'
import { useTexts } from '../../texts/language.tsx'
import { type Act, isBusy } from '../useAct.ts'
import { FormContext } from './context.ts'
import { ErrorSummary } from './ErrorSummary.tsx'

interface Props {
  submission: Act<[FormData]>
  /** The button's text, and what it says meanwhile. */
  act: string
  busy: string
  children?: ReactNode
  /** Beside the button. */
  aside?: ReactNode
}

/** One form for one act: what went wrong, the fields, the button. The browser's own validation bubbles are off. */
export function Form({ submission: { progress, run }, act, busy, children, aside }: Props) {
  const texts = useTexts()
  const failure = progress.kind === 'failed' ? progress.failure : null

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    run(new FormData(event.currentTarget))
  }

  return (
    <form method="post" noValidate className="form" aria-busy={isBusy(progress)} onSubmit={submit}>
      {failure && <ErrorSummary failure={failure} />}
      <FormContext value={failure?.issues ?? []}>{children}</FormContext>
      <div className="actions">
        <button type="submit" className="button" aria-busy={isBusy(progress)} aria-disabled={isBusy(progress)}>
          {isBusy(progress) ? busy : act}
        </button>
        {aside}
      </div>
      <p role="status" className="quiet">
        {progress.kind === 'slow' && texts.common.slow}
      </p>
    </form>
  )
}
