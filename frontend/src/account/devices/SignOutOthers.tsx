import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { useTexts } from '../../texts/language.tsx'
import { devicesTexts } from './texts.ts'

interface Props {
  signOut: () => Promise<void>
  onCancel: () => void
}

/** Work on another device may be lost. */
export function SignOutOthers({ signOut, onCancel }: Props) {
  const texts = useTexts(devicesTexts)
  return (
    <ConfirmDialog
      title={texts.signOutOthersTitle}
      description={<p>{texts.signOutOthersReason}</p>}
      confirm={texts.signOutAll}
      busy={texts.signingOut}
      act={signOut}
      onCancel={onCancel}
    />
  )
}
