import { commonTexts } from '../../components/texts.ts'
import { useTexts } from '../../texts/language.tsx'

export function CancelButton({ onCancel }: { onCancel: () => void }) {
  const { cancel } = useTexts(commonTexts)
  return (
    <button type="button" className="button plain" onClick={onCancel}>
      {cancel}
    </button>
  )
}
