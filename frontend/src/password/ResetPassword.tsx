import { useState } from 'react'
import { Link } from 'wouter'
import { EmailField } from '../components/form/EmailField.tsx'
import { Form } from '../components/form/Form.tsx'
import { PasswordField } from '../components/form/PasswordField.tsx'
import { usePasswordMin } from '../components/form/usePasswordMin.ts'
import { Heading } from '../components/Heading.tsx'
import { NoMailedLink } from '../components/NoMailedLink.tsx'
import { Page } from '../components/Page.tsx'
import { useAction } from '../components/useAction.ts'
import { type MailedLink, useMailedLink } from '../components/useMailedLink.ts'
import { paths } from '../paths.ts'
import { useServices } from '../services.ts'
import { useTexts } from '../texts/language.tsx'
import { readNewPassword, resetPassword, resetRefusals } from './calls.ts'
import { passwordTexts } from './texts.ts'

/** The page that the link of a mail leads to. */
export function ResetPassword() {
  const { askAgain } = useTexts(passwordTexts)
  const link = useMailedLink()
  if (!link) return <NoMailedLink way={{ href: paths.forgotPassword, text: askAgain }} />
  return <ChooseNew key={link.token} link={link} />
}

function ChooseNew({ link: { token, email } }: { link: MailedLink }) {
  const texts = useTexts(passwordTexts)
  const passwordMin = usePasswordMin()
  const { auth, session, typed } = useServices()
  const [isDone, setDone] = useState(false)
  const submission = useAction(async (form: FormData) => {
    await resetPassword(auth, token, readNewPassword(form, passwordMin))
    if (email) typed.set('email', email)
    setDone(true)
    void session.check() // this browser's own session may be one of those that ended
  }, resetRefusals)
  if (isDone) return <Changed />

  return (
    <Page layout="card">
      <Heading>{texts.resetTitle}</Heading>
      <p>{texts.everyoneOut}</p>
      <Form submission={submission} submit={texts.save} busy={texts.saving}>
        {email && <EmailField fixed={email} />}
        <PasswordField autoComplete="new-password" label={texts.newPassword} />
      </Form>
    </Page>
  )
}

function Changed() {
  const texts = useTexts(passwordTexts)
  return (
    <Page layout="card">
      <Heading key="changed">{texts.changedTitle}</Heading>
      <p>{texts.changed}</p>
      <Link href={paths.signIn} className="button">
        {texts.signIn}
      </Link>
    </Page>
  )
}
