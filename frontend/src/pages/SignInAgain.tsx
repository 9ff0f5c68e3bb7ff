import { useState } from 'react'
import { Dialog } from '../components/Dialog.tsx'
import { EmailField } from '../components/form/EmailField.tsx'
import { Form } from '../components/form/Form.tsx'
import { PasswordField } from '../components/form/PasswordField.tsx'
import { useAct } from '../components/useAct.ts'
import { useServices } from '../services.ts'
import type { Session } from '../session/store.ts'
import { useTexts } from '../texts/language.tsx'
import { readSignIn } from './credentials.ts'

type Ended = Extract<Session, { kind: 'ended' }>

/**
 * Over the page of somebody whose session has ended. Only for the same account: what is typed below is theirs. Escape puts
 * it away, to copy something out of the page; the next request that needs a session (another `ended`) brings it back.
 */
export function SignInAgain({ ended }: { ended: Ended }) {
  const [dismissed, setDismissed] = useState<Ended | null>(null)
  if (dismissed === ended) return null
  return <SignInDialog email={ended.user.email} onCancel={() => setDismissed(ended)} />
}

function SignInDialog({ email, onCancel }: { email: string; onCancel: () => void }) {
  const { signInAgain, signIn } = useTexts()
  const { api, session } = useServices()
  const submission = useAct(async (form: FormData) => {
    const { password } = readSignIn(form)
    await api.signIn(email, password)
    await session.begin()
  })

  return (
    <Dialog title={signInAgain.title} initialFocus="password" onCancel={onCancel}>
      <p>{signInAgain.why}</p>
      <Form
        submission={submission}
        act={signIn.act}
        busy={signIn.busy}
        aside={
          <button type="button" className="button plain" onClick={session.leave}>
            {signInAgain.otherAccount}
          </button>
        }
      >
        <EmailField fixed={email} />
        <PasswordField autoComplete="current-password" />
      </Form>
    </Dialog>
  )
}
