import { useState } from 'react'
import { useAnnounceWhen } from '../../components/announcer.ts'
import { Dialog } from '../../components/Dialog.tsx'
import { EmailField } from '../../components/form/EmailField.tsx'
import { Form } from '../../components/form/Form.tsx'
import { PasswordField } from '../../components/form/PasswordField.tsx'
import { usePasswordMin } from '../../components/form/usePasswordMin.ts'
import { useAction } from '../../components/useAction.ts'
import { useServices } from '../../services.ts'
import { useTexts } from '../../texts/language.tsx'
import { AccountSection } from '../AccountSection.tsx'
import type { SectionProps } from '../sections.ts'
import { CancelButton } from './CancelButton.tsx'
import { changePassword, passwordRefusals, readPasswordChange } from './calls.ts'
import { changeTexts } from './texts.ts'

type State = 'idle' | 'open' | 'done'

/** A new password for who knows the old one. */
export function Password({ id, user }: SectionProps) {
  const texts = useTexts(changeTexts)
  const [state, setState] = useState<State>('idle')
  useAnnounceWhen(state === 'done', texts.passwordChanged)
  return (
    <AccountSection id={id} title={texts.password} hint={texts.passwordHint}>
      {state === 'done' && <p className="done">{texts.passwordChanged}</p>}
      <div className="actions">
        <button type="button" className="button plain" onClick={() => setState('open')}>
          {texts.changePassword}
        </button>
      </div>
      {state === 'open' && (
        <ChangeDialog email={user.email} onCancel={() => setState('idle')} onDone={() => setState('done')} />
      )}
    </AccountSection>
  )
}

function ChangeDialog({ email, onCancel, onDone }: { email: string; onCancel: () => void; onDone: () => void }) {
  const texts = useTexts(changeTexts)
  const passwordMin = usePasswordMin()
  const { auth } = useServices()
  const submission = useAction(async (form: FormData) => {
    await changePassword(auth, readPasswordChange(form, passwordMin))
    onDone()
  }, passwordRefusals)
  return (
    <Dialog
      title={texts.changePassword}
      description={texts.passwordHint}
      initialFocus="currentPassword"
      onCancel={onCancel}
    >
      <Form
        submission={submission}
        submit={texts.save}
        busy={texts.saving}
        aside={<CancelButton onCancel={onCancel} />}
      >
        <EmailField fixed={email} />
        <PasswordField autoComplete="current-password" name="currentPassword" label={texts.currentPassword} />
        <PasswordField autoComplete="new-password" label={texts.newPassword} />
      </Form>
    </Dialog>
  )
}
