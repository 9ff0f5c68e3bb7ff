import { useState } from 'react'
import { useAnnounceWhen } from '../../components/announcer.ts'
import { Dialog } from '../../components/Dialog.tsx'
import { EmailField } from '../../components/form/EmailField.tsx'
import { Form } from '../../components/form/Form.tsx'
import { PasswordField } from '../../components/form/PasswordField.tsx'
import { useAction } from '../../components/useAction.ts'
import { useFeatures, useServices } from '../../services.ts'
import { useTexts } from '../../texts/language.tsx'
import { AccountSection } from '../AccountSection.tsx'
import type { SectionProps } from '../sections.ts'
import { CancelButton } from './CancelButton.tsx'
import { deleteAccount, deleteRefusals, readPassword } from './calls.ts'
import { changeTexts } from './texts.ts'

type State = 'idle' | 'open' | 'sent'

/** The end of the account: the password, then a mailed link. */
export function Deletion({ id, user: { email } }: SectionProps) {
  const texts = useTexts(changeTexts)
  const [state, setState] = useState<State>('idle')
  useAnnounceWhen(state === 'sent', texts.deleteSent(email))
  return (
    <AccountSection id={id} title={texts.delete} hint={texts.deleteHint}>
      {state === 'sent' && <p className="done">{texts.deleteSent(email)}</p>}
      <div className="actions">
        <button type="button" className="button plain" onClick={() => setState('open')}>
          {texts.delete}
        </button>
      </div>
      {state === 'open' && (
        <DeleteDialog email={email} onCancel={() => setState('idle')} onSent={() => setState('sent')} />
      )}
    </AccountSection>
  )
}

function DeleteDialog({ email, onCancel, onSent }: { email: string; onCancel: () => void; onSent: () => void }) {
  const texts = useTexts(changeTexts)
  const features = useFeatures()
  const { auth, session } = useServices()
  const submission = useAction(async (form: FormData) => {
    const isMailed = await deleteAccount(auth, readPassword(form))
    if (isMailed) onSent()
    else session.leave()
  }, deleteRefusals)
  const hasMail = features?.mail !== false
  return (
    <Dialog title={texts.delete} description={texts.deleteHint} initialFocus="password" onCancel={onCancel}>
      <Form
        submission={submission}
        submit={hasMail ? texts.send : texts.delete}
        busy={hasMail ? texts.sending : texts.deleting}
        aside={<CancelButton onCancel={onCancel} />}
      >
        <EmailField fixed={email} />
        <PasswordField autoComplete="current-password" label={texts.currentPassword} />
      </Form>
    </Dialog>
  )
}
