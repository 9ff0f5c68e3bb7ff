import { Link, useSearch } from 'wouter'
import { useAnnounceWhen } from '../components/announcer.ts'
import { EmailField } from '../components/form/EmailField.tsx'
import { Form } from '../components/form/Form.tsx'
import { PasswordField } from '../components/form/PasswordField.tsx'
import { Heading } from '../components/Heading.tsx'
import { Page } from '../components/Page.tsx'
import { CallbackError } from '../components/providers/CallbackError.tsx'
import { ProviderButtons } from '../components/providers/ProviderButtons.tsx'
import { useAction } from '../components/useAction.ts'
import { nextOf, paths, withSearch } from '../paths.ts'
import { useFeatures, useServices, useSession } from '../services.ts'
import { useTexts } from '../texts/language.tsx'
import { readSignIn, refusals, signIn } from './calls.ts'
import { signInTexts } from './texts.ts'

/** The guard around this page redirects as soon as there is a session. */
export function SignIn() {
  const texts = useTexts(signInTexts)
  const features = useFeatures()
  const search = useSearch()
  const { auth, session } = useServices()
  const current = useSession()
  const hasSignedOut = current.kind === 'nobody' && current.hasSignedOut
  useAnnounceWhen(hasSignedOut, texts.signedOut)
  const submission = useAction(async (form: FormData) => {
    await signIn(auth, readSignIn(form))
    await session.begin()
  }, refusals)

  return (
    <Page layout="card">
      <Heading>{texts.title}</Heading>
      <CallbackError />
      {hasSignedOut && submission.progress.kind !== 'failed' && <p className="done">{texts.signedOut}</p>}
      <Form submission={submission} submit={texts.submit} busy={texts.busy}>
        <EmailField />
        <PasswordField autoComplete="current-password" />
      </Form>
      {features?.mail && (
        <p className="other-way">
          <Link href={paths.forgotPassword}>{texts.forgot}</Link>
        </p>
      )}
      <ProviderButtons next={nextOf(search, location.origin)} onError={withSearch(paths.signIn, search)} />
      <p className="other-way">
        {texts.noAccount} <Link href={withSearch(paths.signUp, search)}>{texts.toSignUp}</Link>
      </p>
    </Page>
  )
}
