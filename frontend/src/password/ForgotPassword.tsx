import { useState } from 'react'
import { Link } from 'wouter'
import { EmailField } from '../components/form/EmailField.tsx'
import { Form } from '../components/form/Form.tsx'
import { Heading } from '../components/Heading.tsx'
import { Page } from '../components/Page.tsx'
import { SendAgain } from '../components/SendAgain.tsx'
import { useAction } from '../components/useAction.ts'
import { paths } from '../paths.ts'
import { useFeatures, useServices } from '../services.ts'
import { useTexts } from '../texts/language.tsx'
import { readEmail, requestReset } from './calls.ts'
import { passwordTexts } from './texts.ts'

/** The same for every address: only its mailbox learns whether there is an account. */
export function ForgotPassword() {
  const texts = useTexts(passwordTexts)
  const features = useFeatures()
  const { auth } = useServices()
  const [sentTo, setSentTo] = useState<string | null>(null)
  if (features?.mail === false) return <NoMail />
  if (sentTo === null) return <AskForLink onSent={setSentTo} />

  return (
    <Page layout="card">
      <Heading key="sent">{texts.sentTitle}</Heading>
      <p>{texts.sent(sentTo)}</p>
      <SendAgain send={() => requestReset(auth, sentTo)} />
      <p className="other-way">
        <button type="button" className="button plain" onClick={() => setSentTo(null)}>
          {texts.otherAddress}
        </button>
      </p>
      <ToSignIn />
    </Page>
  )
}

function AskForLink({ onSent }: { onSent: (email: string) => void }) {
  const texts = useTexts(passwordTexts)
  const { auth } = useServices()
  const submission = useAction(async (form: FormData) => {
    const email = readEmail(form)
    await requestReset(auth, email)
    onSent(email)
  })
  return (
    <Page layout="card">
      <Heading key="ask">{texts.forgotTitle}</Heading>
      <p>{texts.forgotHint}</p>
      <Form submission={submission} submit={texts.send} busy={texts.sending}>
        <EmailField />
      </Form>
      <ToSignIn />
    </Page>
  )
}

function NoMail() {
  const texts = useTexts(passwordTexts)
  return (
    <Page layout="card">
      <Heading key="none">{texts.noMailTitle}</Heading>
      <p>{texts.noMail}</p>
      <ToSignIn />
    </Page>
  )
}

function ToSignIn() {
  const { toSignIn } = useTexts(passwordTexts)
  return (
    <p className="other-way">
      <Link href={paths.signIn}>{toSignIn}</Link>
    </p>
  )
}
