import { Dialog } from '../../components/Dialog.tsx'
import { Form } from '../../components/form/Form.tsx'
import { commonTexts } from '../../components/texts.ts'
import { useAction } from '../../components/useAction.ts'
import { useTexts } from '../../texts/language.tsx'
import { devicesTexts } from './texts.ts'

interface Props {
  signOut: () => Promise<void>
  onCancel: () => void
}

/** Work on another device may be lost, so the user has to confirm. */
export function SignOutOthers({ signOut, onCancel }: Props) {
  const texts = useTexts(devicesTexts)
  const { cancel } = useTexts(commonTexts)
  const submission = useAction((_form: FormData) => signOut())
  return (
    <Dialog
      title={texts.signOutOthersTitle}
      description={<p>{texts.signOutOthersReason}</p>}
      initialFocus="keep-devices"
      onCancel={onCancel}
    >
      <div className="destructive">
        <Form
          submission={submission}
          submit={texts.signOutAll}
          busy={texts.signingOut}
          aside={
            <button type="button" id="keep-devices" className="button plain" onClick={onCancel}>
              {cancel}
            </button>
          }
        />
      </div>
    </Dialog>
  )
}
