import { useState } from 'react'
import { ActionButton } from '../components/ActionButton.tsx'
import { useAnnounceWhen } from '../components/announcer.ts'
import { Dialog } from '../components/Dialog.tsx'
import { ErrorNote } from '../components/ErrorNote.tsx'
import { EmailField } from '../components/form/EmailField.tsx'
import { Form } from '../components/form/Form.tsx'
import { PasswordField } from '../components/form/PasswordField.tsx'
import { hasPasskeys } from '../components/passkeys.ts'
import { ProviderButtons } from '../components/providers/ProviderButtons.tsx'
import { StatusLine } from '../components/StatusLine.tsx'
import { useAction } from '../components/useAction.ts'
import { signInPath } from '../paths.ts'
import { useFeatures, useServices } from '../services.ts'
import type { Features } from '../session/features.ts'
import type { Session } from '../session/store.ts'
import { useTexts } from '../texts/language.tsx'
import { CodeInDialog } from './by-mail/CodeInDialog.tsx'
import { askForMail, readSignIn, refusals, signIn } from './calls.ts'
import { PasskeyButton } from './PasskeySignIn.tsx'
import { SecondFactor } from './SecondFactor.tsx'
import { mailEntryTexts, secondFactorTexts, signInAgainTexts, signInTexts } from './texts.ts'

type Ended = Extract<Session, { kind: 'ended' }>

/**
 * Over the page of a user whose session has ended. Only for the same account, which owns what is typed below. Escape
 * closes it, so that the user can copy something. A line then says why nothing can be saved, and opens it again; so does the
 * next request that needs a session (another `ended`).
 */
export function SignInAgain({ ended }: { ended: Ended }) {
  const [dismissed, setDismissed] = useState<Ended | null>(null)
  if (dismissed === ended) return <EndedLine onSignIn={() => setDismissed(null)} />
  return <SignInDialog email={ended.user.email} onCancel={() => setDismissed(ended)} />
}

function EndedLine({ onSignIn }: { onSignIn: () => void }) {
  const texts = useTexts(signInAgainTexts)
  useAnnounceWhen(true, texts.ended)
  return (
    <StatusLine label={texts.session}>
      <p>{texts.ended}</p>
      <button type="button" className="button plain" onClick={onSignIn}>
        {texts.title}
      </button>
    </StatusLine>
  )
}

/** `mailed`: a code is on its way, for a user who has no password. */
type Step = 'password' | 'half' | 'mailed'

function SignInDialog({ email, onCancel }: { email: string; onCancel: () => void }) {
  const texts = useTexts(signInAgainTexts)
  const secondFactor = useTexts(secondFactorTexts)
  const features = useFeatures()
  const [step, setStep] = useState<Step>('password')

  if (step === 'half') {
    return (
      <Dialog key={step} title={secondFactor.title} description={null} initialFocus="code" onCancel={onCancel}>
        <SecondFactor onStartAgain={() => setStep('password')} />
      </Dialog>
    )
  }
  if (step === 'mailed' && features) {
    return (
      <Dialog key={step} title={texts.title} description={texts.reason} onCancel={onCancel}>
        <CodeInDialog
          email={email}
          features={features}
          onHalf={() => setStep('half')}
          onPassword={() => setStep('password')}
        />
      </Dialog>
    )
  }
  return (
    <Dialog key={step} title={texts.title} description={texts.reason} initialFocus="password" onCancel={onCancel}>
      <PasswordForm email={email} onHalf={() => setStep('half')} />
      <OtherWays email={email} onAsked={() => setStep('mailed')} />
    </Dialog>
  )
}

function PasswordForm({ email, onHalf }: { email: string; onHalf: () => void }) {
  const { submit, busy } = useTexts(signInTexts)
  const { otherAccount } = useTexts(signInAgainTexts)
  const { auth, session } = useServices()
  const submission = useAction(async (form: FormData) => {
    const { password } = readSignIn(form)
    const signedIn = await signIn(auth, { email, password })
    if (signedIn === 'half') onHalf()
    else await session.begin()
  }, refusals)
  return (
    <Form
      submission={submission}
      submit={submit}
      busy={busy}
      aside={
        <button type="button" className="button plain" onClick={session.leave}>
          {otherAccount}
        </button>
      }
    >
      <EmailField fixed={email} />
      <PasswordField autoComplete="current-password" />
    </Form>
  )
}

/** For users who have no password. A provider leads back to this page, and to none of what was typed on it. */
function OtherWays({ email, onAsked }: { email: string; onAsked: () => void }) {
  const texts = useTexts(signInAgainTexts)
  const features = useFeatures()
  const here = location.pathname + location.search + location.hash
  const withPasskeys = features?.passkeys === true && hasPasskeys()
  return (
    <>
      <ProviderButtons next={here} onError={signInPath(here)}>
        {withPasskeys && <PasskeyButton />}
        {features?.emailCode && <AskForCode email={email} features={features} onAsked={onAsked} />}
      </ProviderButtons>
      {features && features.providers.length > 0 && <p className="quiet">{texts.copyFirst}</p>}
    </>
  )
}

function AskForCode({ email, features, onAsked }: { email: string; features: Features; onAsked: () => void }) {
  const texts = useTexts(mailEntryTexts)
  const { auth } = useServices()
  const action = useAction(async () => {
    await askForMail(auth, features, email, location.pathname)
    onAsked()
  })
  return (
    <>
      <ActionButton action={action} text={texts.code} busy={texts.busy} />
      {action.progress.kind === 'failed' && <ErrorNote what={texts.failed} error={action.progress.error} />}
    </>
  )
}
