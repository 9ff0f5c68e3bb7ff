import type { ReactNode } from 'react'
import { useTexts } from '../texts/language.tsx'
import { Dialog } from './Dialog.tsx'
import type { Refusals } from './form/error-details.ts'
import { Form } from './form/Form.tsx'
import { commonTexts } from './texts.ts'
import { useAction } from './useAction.ts'

interface Props {
  title: string
  description: ReactNode
  /** The button that does it, and its text meanwhile. */
  confirm: string
  busy: string
  act: () => Promise<void>
  refusals?: Refusals
  onCancel: () => void
}

const CANCEL = 'confirm-cancel'

/** Before what cannot be undone. The focus is on the button that changes nothing. */
export function ConfirmDialog({ title, description, confirm, busy, act, refusals, onCancel }: Props) {
  const { cancel } = useTexts(commonTexts)
  const submission = useAction((_form: FormData) => act(), refusals)
  return (
    <Dialog title={title} description={description} initialFocus={CANCEL} onCancel={onCancel}>
      <div className="destructive">
        <Form
          submission={submission}
          submit={confirm}
          busy={busy}
          aside={
            <button type="button" id={CANCEL} className="button plain" onClick={onCancel}>
              {cancel}
            </button>
          }
        />
      </div>
    </Dialog>
  )
}
