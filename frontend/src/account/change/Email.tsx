import { useState } from 'react'
import { ActionButton } from '../../components/ActionButton.tsx'
import { useAnnounceWhen } from '../../components/announcer.ts'
import { Dialog } from '../../components/Dialog.tsx'
import { ErrorSummary } from '../../components/form/ErrorSummary.tsx'
import { Form } from '../../components/form/Form.tsx'
import { PasswordField } from '../../components/form/PasswordField.tsx'
import { TextField } from '../../components/form/TextField.tsx'
import { useAction } from '../../components/useAction.ts'
import { useFeatures, useServices } from '../../services.ts'
import { useTexts } from '../../texts/language.tsx'
import { AccountSection } from '../AccountSection.tsx'
import type { SectionProps } from '../sections.ts'
import { CancelButton } from './CancelButton.tsx'
import { changeEmail, emailRefusals, readEmailChange, sendVerification } from './calls.ts'
import { changeTexts } from './texts.ts'

/** The address: confirming it, and moving to another one. Both take mails. */
export function Email({ id, user: { email, emailVerified } }: SectionProps) {
  const texts = useTexts(changeTexts)
  const features = useFeatures()
  const [isOpen, setOpen] = useState(false)
  const [done, setDone] = useState<string | null>(null)
  useAnnounceWhen(done !== null, done ?? '')
  if (!features?.mail) return null

  return (
    <AccountSection id={id} title={texts.email} hint={texts.emailHint}>
      {done && <p className="done">{done}</p>}
      <div className="actions">
        <button type="button" className="button plain" onClick={() => setOpen(true)}>
          {texts.changeEmail}
        </button>
        {!emailVerified && <ConfirmButton email={email} onDone={() => setDone(texts.confirmSent(email))} />}
      </div>
      {isOpen && (
        <ChangeDialog
          onCancel={() => setOpen(false)}
          onDone={(newEmail, at) => {
            setOpen(false)
            setDone(texts.emailSentToOld(at === 'new' ? newEmail : email))
          }}
        />
      )}
    </AccountSection>
  )
}

function ConfirmButton({ email, onDone }: { email: string; onDone: () => void }) {
  const texts = useTexts(changeTexts)
  const { auth } = useServices()
  const action = useAction(async () => {
    await sendVerification(auth, email)
    onDone()
  })
  const { progress } = action
  return (
    <>
      <ActionButton action={action} text={texts.confirmEmail} busy={texts.sending} />
      {progress.kind === 'failed' && <ErrorSummary error={progress.error} hasFields={false} />}
    </>
  )
}

type Done = (newEmail: string, confirmAt: 'old' | 'new') => void

function ChangeDialog({ onCancel, onDone }: { onCancel: () => void; onDone: Done }) {
  const texts = useTexts(changeTexts)
  const { auth } = useServices()
  const submission = useAction(async (form: FormData) => {
    const change = readEmailChange(form)
    onDone(change.newEmail, await changeEmail(auth, change))
  }, emailRefusals)
  return (
    <Dialog title={texts.changeEmail} description={texts.emailHint} initialFocus="newEmail" onCancel={onCancel}>
      <Form
        submission={submission}
        submit={texts.send}
        busy={texts.sending}
        aside={<CancelButton onCancel={onCancel} />}
      >
        <TextField
          name="newEmail"
          label={texts.newEmail}
          type="email"
          inputMode="email"
          autoComplete="email"
          autoCapitalize="none"
          spellCheck={false}
        />
        <PasswordField autoComplete="current-password" label={texts.currentPassword} />
      </Form>
    </Dialog>
  )
}
