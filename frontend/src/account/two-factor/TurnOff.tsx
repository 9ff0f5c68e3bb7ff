import { CodeField } from '../../components/form/CodeField.tsx'
import { useAction } from '../../components/useAction.ts'
import { useServices } from '../../services.ts'
import { useTexts } from '../../texts/language.tsx'
import { readAnyCode, readPassword, refusals, turnOff } from './calls.ts'
import { PasswordStep, type StepProps } from './PasswordStep.tsx'
import { twoFactorTexts } from './texts.ts'

export function TurnOff({ onDone, ...props }: StepProps & { onDone: () => Promise<void> }) {
  const texts = useTexts(twoFactorTexts)
  const { auth } = useServices()
  const submission = useAction(async (form: FormData) => {
    await turnOff(auth, { password: readPassword(form), code: readAnyCode(form) })
    await onDone()
  }, refusals)
  return (
    <div className="destructive two-factor-step">
      <p>{texts.turnOffReason}</p>
      <PasswordStep {...props} submission={submission} submit={texts.turnOff} busy={texts.turningOff}>
        <CodeField kind="totp" hint={texts.anyCode} />
      </PasswordStep>
    </div>
  )
}
