import { useState } from 'react'
import { useAnnounceWhen } from '../components/announcer.ts'
import { Dialog } from '../components/Dialog.tsx'
import { EmailField } from '../components/form/EmailField.tsx'
import { Form } from '../components/form/Form.tsx'
import { PasswordField } from '../components/form/PasswordField.tsx'
import { hasPasskeys } from '../components/passkeys.ts'
import { ProviderButtons } from '../components/providers/ProviderButtons.tsx'
import { StatusLine } from '../components/StatusLine.tsx'
import { useAction } from '../components/useAction.ts'
import { signInPath } from '../paths.ts'
import { useFeatures, useServices } from '../services.ts'
import type { Session } from '../session/store.ts'
import { useTexts } from '../texts/language.tsx'
import { readSignIn, refusals, signIn } from './calls.ts'
import { PasskeyButton } from './PasskeySignIn.tsx'
import { SecondFactor } from './SecondFactor.tsx'
import { secondFactorTexts, signInAgainTexts, signInTexts } from './texts.ts'

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

function SignInDialog({ email, onCancel }: { email: string; onCancel: () => void }) {
  const { submit, busy } = useTexts(signInTexts)
  const texts = useTexts(signInAgainTexts)
  const secondFactor = useTexts(secondFactorTexts)
  const { auth, session } = useServices()
  const [isHalf, setHalf] = useState(false)
  const submission = useAction(async (form: FormData) => {
    const { password } = readSignIn(form)
    const signedIn = await signIn(auth, { email, password })
    if (signedIn === 'half') setHalf(true)
    else await session.begin()
  }, refusals)

  if (isHalf) {
    return (
      <Dialog key="half" title={secondFactor.title} description={null} initialFocus="code" onCancel={onCancel}>
        <SecondFactor onStartAgain={() => setHalf(false)} />
      </Dialog>
    )
  }

  return (
    <Dialog title={texts.title} description={texts.reason} initialFocus="password" onCancel={onCancel}>
      <Form
        submission={submission}
        submit={submit}
        busy={busy}
        aside={
          <button type="button" className="button plain" onClick={session.leave}>
            {texts.otherAccount}
          </button>
        }
      >
        <EmailField fixed={email} />
        <PasswordField autoComplete="current-password" />
      </Form>
      <OtherWays />
    </Dialog>
  )
}

/** For users who have no password. A provider leads back to this page, and to none of what was typed on it. */
function OtherWays() {
  const texts = useTexts(signInAgainTexts)
  const features = useFeatures()
  const here = location.pathname + location.search + location.hash
  return (
    <>
      {features?.passkeys === true && hasPasskeys() && <PasskeyButton />}
      <ProviderButtons next={here} onError={signInPath(here)} />
      {features && features.providers.length > 0 && <p className="quiet">{texts.copyFirst}</p>}
    </>
  )
}
