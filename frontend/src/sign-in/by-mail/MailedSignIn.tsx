import { Link, Redirect, useLocation, useSearch } from 'wouter'
import { EmailField } from '../../components/form/EmailField.tsx'
import { Form } from '../../components/form/Form.tsx'
import { Heading } from '../../components/Heading.tsx'
import { Page } from '../../components/Page.tsx'
import { useAction } from '../../components/useAction.ts'
import { nextOf, paths, withSearch } from '../../paths.ts'
import { useFeatures, useServices } from '../../services.ts'
import type { Features } from '../../session/features.ts'
import { useTexts } from '../../texts/language.tsx'
import { askForMail } from '../calls.ts'
import { CodeStep } from './CodeStep.tsx'
import { readEmail } from './calls.ts'
import { useMailHistory } from './history.ts'
import { askTexts, sentTexts } from './texts.ts'
import { useSignedIn } from './useSignedIn.ts'

/** Asks for an address, and then for what was mailed to it: the same for every address. */
export function MailedSignIn() {
  const features = useFeatures()
  const { sentTo } = useMailHistory()
  if (!features) return <Page layout="card">{null}</Page>
  if (!features.magicLink && !features.emailCode) return <Redirect to={paths.signIn} replace />
  return sentTo === undefined ? <Ask features={features} /> : <Sent key={sentTo} email={sentTo} features={features} />
}

function Ask({ features }: { features: Features }) {
  const texts = useTexts(askTexts)
  const { auth } = useServices()
  const search = useSearch()
  const [, navigate] = useLocation()
  const submission = useAction(async (form: FormData) => {
    const email = readEmail(form)
    await askForMail(auth, features, email, nextOf(search, location.origin))
    navigate(withSearch(paths.signInByMail, search), { state: { sentTo: email } })
  })
  return (
    <Page layout="card">
      <Heading key="ask">{texts.title}</Heading>
      <p>{texts.hint}</p>
      <Form submission={submission} submit={texts.send} busy={texts.sending}>
        <EmailField />
      </Form>
      <ToSignIn />
    </Page>
  )
}

function Sent({ email, features }: { email: string; features: Features }) {
  const texts = useTexts(sentTexts)
  const search = useSearch()
  const [, navigate] = useLocation()
  const next = nextOf(search, location.origin)
  const goOn = useSignedIn(next)
  return (
    <Page layout="card">
      <Heading key="sent">{texts.title}</Heading>
      <CodeStep
        email={email}
        sent={texts.sent(email)}
        features={features}
        next={next}
        onSignedIn={(signedIn) => goOn(signedIn, email)}
      />
      <p className="other-way">
        <button
          type="button"
          className="button plain"
          onClick={() => navigate(withSearch(paths.signInByMail, search), { replace: true, state: null })}
        >
          {texts.otherAddress}
        </button>
      </p>
      <ToSignIn />
    </Page>
  )
}

function ToSignIn() {
  const { toSignIn } = useTexts(askTexts)
  return (
    <p className="other-way">
      <Link href={withSearch(paths.signIn, useSearch())}>{toSignIn}</Link>
    </p>
  )
}
