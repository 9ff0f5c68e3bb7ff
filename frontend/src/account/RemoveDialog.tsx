import { ConfirmDialog } from '../components/ConfirmDialog.tsx'
import type { Refusals } from '../components/form/error-details.ts'
import { useTexts } from '../texts/language.tsx'
import { connectionTexts } from './texts.ts'

interface Props {
  name: string
  /** What the user can no longer do afterwards. */
  reason: string
  refusals: Refusals
  remove: () => Promise<void>
  onCancel: () => void
}

/** Only the provider or the service can bring it back. */
export function RemoveDialog({ name, reason, refusals, remove, onCancel }: Props) {
  const texts = useTexts(connectionTexts)
  return (
    <ConfirmDialog
      title={texts.removeTitle(name)}
      description={<p>{reason}</p>}
      confirm={texts.remove}
      busy={texts.removing}
      act={remove}
      refusals={refusals}
      onCancel={onCancel}
    />
  )
}
