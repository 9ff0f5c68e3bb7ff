import { useAction } from '../../components/useAction.ts'
import { useServices } from '../../services.ts'
import { useTexts } from '../../texts/language.tsx'
import { readPassword, refusals, renewBackupCodes } from './calls.ts'
import { PasswordStep, type StepProps } from './PasswordStep.tsx'
import { twoFactorTexts } from './texts.ts'

export function RenewCodes({ onDone, ...props }: StepProps & { onDone: (codes: string[]) => Promise<void> }) {
  const texts = useTexts(twoFactorTexts)
  const { auth } = useServices()
  const submission = useAction(
    async (form: FormData) => onDone(await renewBackupCodes(auth, readPassword(form))),
    refusals,
  )
  return (
    <>
      <p>{texts.newCodesReason}</p>
      <PasswordStep {...props} submission={submission} submit={texts.newCodes} busy={texts.makingCodes} />
    </>
  )
}
