import { Dialog } from '../components/Dialog.tsx'
import type { Refusals } from '../components/form/error-details.ts'
import { Form } from '../components/form/Form.tsx'
import { commonTexts } from '../components/texts.ts'
import { useAction } from '../components/useAction.ts'
import { useTexts } from '../texts/language.tsx'
import { connectionTexts } from './texts.ts'

interface Props {
  name: string
  /** What the user can do no more afterwards. */
  reason: string
  refusals: Refusals
  remove: () => Promise<void>
  onCancel: () => void
}

/** What cannot be had back without help from elsewhere: the user has to confirm. */
export function RemoveDialog({ name, reason, refusals, remove, onCancel }: Props) {
  const texts = useTexts(connectionTexts)
  const { cancel } = useTexts(commonTexts)
  const submission = useAction((_form: FormData) => remove(), refusals)
  return (
    <Dialog
      title={texts.removeTitle(name)}
      description={<p>{reason}</p>}
      initialFocus="keep-connection"
      onCancel={onCancel}
    >
      <div className="destructive">
        <Form
          submission={submission}
          submit={texts.remove}
          busy={texts.removing}
          aside={
            <button type="button" id="keep-connection" className="button plain" onClick={onCancel}>
              {cancel}
            </button>
          }
        />
      </div>
    </Dialog>
  )
}
