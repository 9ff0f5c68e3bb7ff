import { useState } from 'react'
import { Link, useSearch } from 'wouter'
import { useAnnounceWhen } from '../components/announcer.ts'
import { EmailField } from '../components/form/EmailField.tsx'
import { Form } from '../components/form/Form.tsx'
import { PasswordField } from '../components/form/PasswordField.tsx'
import { Heading } from '../components/Heading.tsx'
import { Page } from '../components/Page.tsx'
import { hasPasskeys } from '../components/passkeys.ts'
import { CallbackError } from '../components/providers/CallbackError.tsx'
import { ProviderButtons } from '../components/providers/ProviderButtons.tsx'
import { useAction } from '../components/useAction.ts'
import { nextOf, paths, withSearch } from '../paths.ts'
import { useFeatures, useServices, useSession } from '../services.ts'
import { useTexts } from '../texts/language.tsx'
import { readSignIn, refusals, signIn } from './calls.ts'
import { MailEntry } from './MailEntry.tsx'
import { PasskeySignIn } from './PasskeySignIn.tsx'
import { SecondFactor } from './SecondFactor.tsx'
import { secondFactorTexts, signInTexts } from './texts.ts'

/** A link in a mail, or a provider, leads here with this where the user has a second factor. */
const HALF = 'second-factor'

/** The guard around this page redirects as soon as there is a session. */
export function SignIn() {
  const texts = useTexts(signInTexts)
  const features = useFeatures()
  const search = useSearch()
  const { auth, session } = useServices()
  const current = useSession()
  const hasSignedOut = current.kind === 'nobody' && current.hasSignedOut
  useAnnounceWhen(hasSignedOut, texts.signedOut)
  const [isHalf, setHalf] = useState(() => new URLSearchParams(search).has(HALF))
  const submission = useAction(async (form: FormData) => {
    const signedIn = await signIn(auth, readSignIn(form))
    if (signedIn === 'half') setHalf(true)
    else await session.begin()
  }, refusals)

  const byMail = features?.magicLink || features?.emailCode ? features : null
  const withPasskeys = features?.passkeys === true && hasPasskeys()

  if (isHalf) return <SecondFactorPage onStartAgain={() => setHalf(false)} />

  return (
    <Page layout="card">
      <Heading>{texts.title}</Heading>
      <CallbackError />
      {hasSignedOut && submission.progress.kind !== 'failed' && <p className="done">{texts.signedOut}</p>}
      <Form submission={submission} submit={texts.submit} busy={texts.busy}>
        <EmailField hasPasskeys={withPasskeys} />
        <PasswordField autoComplete="current-password" />
      </Form>
      {features?.mail && (
        <p className="other-way">
          <Link href={paths.forgotPassword}>{texts.forgot}</Link>
        </p>
      )}
      <ProviderButtons next={nextOf(search, location.origin)} onError={withSearch(paths.signIn, search)}>
        {withPasskeys && <PasskeySignIn />}
        {byMail && <MailEntry features={byMail} search={search} />}
      </ProviderButtons>
      {features?.signUp !== false && (
        <p className="other-way">
          {texts.noAccount} <Link href={withSearch(paths.signUp, search)}>{texts.toSignUp}</Link>
        </p>
      )}
    </Page>
  )
}

function SecondFactorPage({ onStartAgain }: { onStartAgain: () => void }) {
  return (
    <Page layout="card">
      <Heading>{useTexts(secondFactorTexts).title}</Heading>
      <SecondFactor onStartAgain={onStartAgain} />
    </Page>
  )
}
