import { useState } from 'react'
import { Link, useSearch } from 'wouter'
import { EmailField } from '../components/form/EmailField.tsx'
import { Form } from '../components/form/Form.tsx'
import { PasswordField } from '../components/form/PasswordField.tsx'
import { TextField } from '../components/form/TextField.tsx'
import { fieldTexts } from '../components/form/texts.ts'
import { usePasswordMin } from '../components/form/usePasswordMin.ts'
import { Heading } from '../components/Heading.tsx'
import { Page } from '../components/Page.tsx'
import { CallbackError } from '../components/providers/CallbackError.tsx'
import { ProviderButtons } from '../components/providers/ProviderButtons.tsx'
import { useAction } from '../components/useAction.ts'
import { nextOf, paths, withSearch } from '../paths.ts'
import { useFeatures, useServices } from '../services.ts'
import { useTexts } from '../texts/language.tsx'
import { CheckMail } from './CheckMail.tsx'
import { readSignUp, refusalsWith, signUp } from './calls.ts'
import { signUpTexts } from './texts.ts'

/** The guard around this page redirects as soon as there is a session. */
export function SignUp() {
  const texts = useTexts(signUpTexts)
  const labels = useTexts(fieldTexts)
  const search = useSearch()
  const { auth, session } = useServices()
  const passwordMin = usePasswordMin()
  const isClosed = useFeatures()?.signUp === false
  const signIn = withSearch(paths.signIn, search)
  const [sentTo, setSentTo] = useState<string | null>(null)
  const submission = useAction(async (form: FormData) => {
    const account = readSignUp(form, passwordMin)
    const isSignedIn = await signUp(auth, account)
    if (isSignedIn) await session.begin()
    else setSentTo(account.email)
  }, refusalsWith(signIn))
  if (isClosed) return <Closed signIn={signIn} />
  if (sentTo !== null) return <CheckMail email={sentTo} onOther={() => setSentTo(null)} />

  return (
    <Page layout="card">
      <Heading>{texts.title}</Heading>
      <CallbackError />
      <Form submission={submission} submit={texts.submit} busy={texts.busy}>
        <TextField name="name" label={labels.name} type="text" autoComplete="name" autoCapitalize="words" />
        <EmailField />
        <PasswordField autoComplete="new-password" />
      </Form>
      <ProviderButtons next={nextOf(search, location.origin)} onError={withSearch(paths.signUp, search)} />
      <p className="other-way">
        {texts.hasAccount} <Link href={signIn}>{texts.toSignIn}</Link>
      </p>
    </Page>
  )
}

/** The auth server makes no accounts: SIGN_UP=closed. */
function Closed({ signIn }: { signIn: string }) {
  const texts = useTexts(signUpTexts)
  return (
    <Page layout="card">
      <Heading>{texts.closedTitle}</Heading>
      <CallbackError />
      <p>{texts.closed}</p>
      <Link href={signIn} className="button">
        {texts.toSignIn}
      </Link>
    </Page>
  )
}
