import { useEffect } from 'react'
import { useAnnounceWhen } from '../../components/announcer.ts'
import { CodeField } from '../../components/form/CodeField.tsx'
import { Form } from '../../components/form/Form.tsx'
import { SendAgain } from '../../components/SendAgain.tsx'
import { useAction } from '../../components/useAction.ts'
import { useServices } from '../../services.ts'
import type { Features } from '../../session/features.ts'
import { useTexts } from '../../texts/language.tsx'
import type { Translated } from '../../texts/texts.ts'
import { askForMail } from '../calls.ts'
import { signInTexts } from '../texts.ts'
import { codeRefusals, type MailedSignedIn, readCode, signInByCode } from './calls.ts'
import { sentTexts } from './texts.ts'

interface Props {
  email: string
  /** Says that the mail is on its way. */
  sent: string
  features: Features
  next: string
  onSignedIn: (signedIn: MailedSignedIn) => Promise<void>
}

/** The mail is on its way. Its code is entered here; its link leads elsewhere. */
export function CodeStep({ email, sent, features, next, onSignedIn }: Props) {
  const texts = useTexts(sentTexts)
  const { auth } = useServices()
  const whole = `${sent} ${whatNext(features, texts)}`
  useAnnounceWhen(true, whole)
  return (
    <>
      <p>{whole}</p>
      {features.emailCode && <CodeForm email={email} onSignedIn={onSignedIn} />}
      <SendAgain send={() => askForMail(auth, features, email, next)} />
    </>
  )
}

function whatNext({ magicLink, emailCode }: Features, texts: Translated<typeof sentTexts>): string {
  if (magicLink && emailCode) return texts.either
  return emailCode ? texts.enterCode : texts.openLink
}

function CodeForm({ email, onSignedIn }: Pick<Props, 'email' | 'onSignedIn'>) {
  const { submit, busy } = useTexts(signInTexts)
  const { auth } = useServices()
  const submission = useAction(async (form: FormData) => {
    await onSignedIn(await signInByCode(auth, email, readCode(form)))
  }, codeRefusals)

  // Whoever comes back from the mail has the code at hand.
  useEffect(() => document.getElementById('code')?.focus(), [])

  return (
    <Form submission={submission} submit={submit} busy={busy}>
      <CodeField kind="mail" />
    </Form>
  )
}
