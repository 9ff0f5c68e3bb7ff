import { useEffect, useState } from 'react'
import { CodeField } from '../components/form/CodeField.tsx'
import { Form } from '../components/form/Form.tsx'
import { useAction } from '../components/useAction.ts'
import { useServices } from '../services.ts'
import { useTexts } from '../texts/language.tsx'
import { type CodeKind, readSecondFactor, secondFactorRefusals, verifySecondFactor } from './calls.ts'
import { secondFactorTexts, signInTexts } from './texts.ts'

/** The second step of a sign-in: a code of the authenticator app, or a backup code. */
export function SecondFactor({ onStartAgain }: { onStartAgain: () => void }) {
  const texts = useTexts(secondFactorTexts)
  const [kind, setKind] = useState<CodeKind>('totp')
  const isBackupCode = kind === 'backup-code'

  return (
    <>
      <p className="quiet">{isBackupCode ? texts.fromList : texts.fromApp}</p>
      <CodeForm key={kind} kind={kind} onStartAgain={onStartAgain} />
      <p className="other-way">
        <button type="button" className="link" onClick={() => setKind(isBackupCode ? 'totp' : 'backup-code')}>
          {isBackupCode ? texts.useApp : texts.useBackupCode}
        </button>
      </p>
    </>
  )
}

function CodeForm({ kind, onStartAgain }: { kind: CodeKind; onStartAgain: () => void }) {
  const texts = useTexts(secondFactorTexts)
  const { submit, busy } = useTexts(signInTexts)
  const { auth, session } = useServices()
  const submission = useAction(async (form: FormData) => {
    await verifySecondFactor(auth, kind, readSecondFactor(form, kind))
    await session.begin()
  }, secondFactorRefusals)

  // Of this step there is one thing to do.
  useEffect(() => document.getElementById('code')?.focus(), [])

  return (
    <Form
      submission={submission}
      submit={submit}
      busy={busy}
      aside={
        <button type="button" className="button plain" onClick={onStartAgain}>
          {texts.startAgain}
        </button>
      }
    >
      <CodeField kind={kind} />
      <label className="check">
        <input type="checkbox" name="trust" />
        <span>{texts.trust}</span>
      </label>
    </Form>
  )
}
