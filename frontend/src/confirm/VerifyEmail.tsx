import { useState } from 'react'
import { useLocation } from 'wouter'
import { EmailField } from '../components/form/EmailField.tsx'
import { Form } from '../components/form/Form.tsx'
import { PasswordField } from '../components/form/PasswordField.tsx'
import { Heading } from '../components/Heading.tsx'
import { Page } from '../components/Page.tsx'
import { SendAgain } from '../components/SendAgain.tsx'
import { useAction } from '../components/useAction.ts'
import { type MailedLink, useMailedLink } from '../components/useMailedLink.ts'
import { paths, secondFactorPath } from '../paths.ts'
import { useServices, useSession } from '../services.ts'
import { useTexts } from '../texts/language.tsx'
import { readEmail, readPassword, sendVerification, verifyEmail, verifyRefusals } from './calls.ts'
import { confirmTexts } from './texts.ts'

/** Where the link of a mail leads; without one, where it can be asked for. */
export function VerifyEmail() {
  const link = useMailedLink()
  return link ? <Confirm key={link.token} link={link} /> : <AskForLink />
}

/** A button, also where nothing has to be entered: programs that look at mails open their links. */
function Confirm({ link: { token, email } }: { link: MailedLink }) {
  const texts = useTexts(confirmTexts)
  const { auth, session } = useServices()
  const [, navigate] = useLocation()
  const current = useSession()
  const isSignedIn = current.kind === 'user' && current.user.email === email
  const submission = useAction(async (form: FormData) => {
    const isHalf = await verifyEmail(auth, token, isSignedIn ? undefined : readPassword(form))
    if (isHalf) return navigate(secondFactorPath)
    await session.begin()
    navigate(paths.home)
  }, verifyRefusals)

  return (
    <Page layout="card">
      <Heading>{texts.verifyTitle}</Heading>
      <p>{isSignedIn ? texts.verifySignedIn(email) : texts.verifyHint}</p>
      <Form submission={submission} submit={texts.verify} busy={texts.verifying}>
        {!isSignedIn && (
          <>
            {email && <EmailField fixed={email} />}
            <PasswordField autoComplete="current-password" />
          </>
        )}
      </Form>
    </Page>
  )
}

function AskForLink() {
  const texts = useTexts(confirmTexts)
  const { auth } = useServices()
  const [sentTo, setSentTo] = useState<string | null>(null)
  const submission = useAction(async (form: FormData) => {
    const email = readEmail(form)
    await sendVerification(auth, email)
    setSentTo(email)
  })
  if (sentTo !== null) {
    return (
      <Page layout="card">
        <Heading key="sent">{texts.sentTitle}</Heading>
        <p>{texts.sent(sentTo)}</p>
        <SendAgain send={() => sendVerification(auth, sentTo)} />
      </Page>
    )
  }

  return (
    <Page layout="card">
      <Heading key="ask">{texts.verifyTitle}</Heading>
      <p>{texts.sendHint}</p>
      <Form submission={submission} submit={texts.send} busy={texts.sending}>
        <EmailField />
      </Form>
    </Page>
  )
}
