import { useState } from 'react'
import { CodeField } from '../../components/form/CodeField.tsx'
import { Form } from '../../components/form/Form.tsx'
import { commonTexts } from '../../components/texts.ts'
import { useAction } from '../../components/useAction.ts'
import { useServices } from '../../services.ts'
import { useTexts } from '../../texts/language.tsx'
import { CopyButton } from './CopyButton.tsx'
import { type App, confirmApp, readCode, readPassword, refusals, setUpApp } from './calls.ts'
import { PasswordStep, type StepProps } from './PasswordStep.tsx'
import { QrCode } from './QrCode.tsx'
import { twoFactorTexts } from './texts.ts'

type Props = StepProps & { onDone: (backupCodes: string[]) => Promise<void> }

/** The password, the QR code, and a code of the app: before that nothing counts. */
export function SetUp({ onDone, ...props }: Props) {
  const texts = useTexts(twoFactorTexts)
  const { auth } = useServices()
  const [app, setApp] = useState<App | null>(null)
  const begin = useAction(async (form: FormData) => setApp(await setUpApp(auth, readPassword(form))), refusals)
  if (app) return <Confirm app={app} onDone={() => onDone(app.backupCodes)} onCancel={props.onCancel} />
  return <PasswordStep {...props} submission={begin} submit={texts.next} busy={texts.settingUp} />
}

function Confirm({ app, onDone, onCancel }: { app: App; onDone: () => Promise<void>; onCancel: () => void }) {
  const texts = useTexts(twoFactorTexts)
  const { cancel } = useTexts(commonTexts)
  const { auth } = useServices()
  const submission = useAction(async (form: FormData) => {
    await confirmApp(auth, readCode(form))
    await onDone()
  }, refusals)

  return (
    <div className="two-factor-step">
      <h3 tabIndex={-1} ref={(heading) => heading?.focus()}>
        {texts.scan}
      </h3>
      <QrCode text={app.uri} label={texts.qrCode} />
      <div className="secret-box">
        <p>{texts.orType}</p>
        <p className="secret" translate="no">
          {app.secret.match(/.{1,4}/g)?.map((part, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts never move, and may be equal
            <span key={index}>{part} </span>
          ))}
        </p>
        <CopyButton text={app.secret} label={texts.copyKey} />
      </div>
      <p>{texts.thenCode}</p>
      <Form
        submission={submission}
        submit={texts.turnOn}
        busy={texts.turningOn}
        aside={
          <button type="button" className="button plain" onClick={onCancel}>
            {cancel}
          </button>
        }
      >
        <CodeField kind="totp" />
      </Form>
    </div>
  )
}
