import { Dialog } from '../../components/Dialog.tsx'
import { Form } from '../../components/form/Form.tsx'
import { commonTexts } from '../../components/texts.ts'
import { useAction } from '../../components/useAction.ts'
import { useTexts } from '../../texts/language.tsx'
import { refusals } from './calls.ts'
import { signInMethodsTexts } from './texts.ts'

interface Props {
  name: string
  remove: () => Promise<void>
  onCancel: () => void
}

/** Who has forgotten the password needs it, so the user has to confirm. */
export function RemoveMethod({ name, remove, onCancel }: Props) {
  const texts = useTexts(signInMethodsTexts)
  const { cancel } = useTexts(commonTexts)
  const submission = useAction((_form: FormData) => remove(), refusals)
  return (
    <Dialog
      title={texts.removeTitle(name)}
      description={<p>{texts.removeReason(name)}</p>}
      initialFocus="keep-method"
      onCancel={onCancel}
    >
      <div className="destructive">
        <Form
          submission={submission}
          submit={texts.remove}
          busy={texts.removing}
          aside={
            <button type="button" id="keep-method" className="button plain" onClick={onCancel}>
              {cancel}
            </button>
          }
        />
      </div>
    </Dialog>
  )
}
