import { useTexts } from '../texts/language.tsx'
import { useAnnounceWhen } from './announcer.ts'
import { commonTexts } from './texts.ts'
import { type Action, isBusy } from './useAction.ts'

interface Props {
  action: Action<[]>
  /** The button's text, and its text while the action runs. */
  text: string
  busy: string
}

/** For an action that needs no fields. */
export function ActionButton({ action: { progress, run }, text, busy }: Props) {
  useAnnounceWhen(progress.kind === 'slow', useTexts(commonTexts).slow)
  return (
    <button
      type="button"
      className="button plain"
      aria-busy={isBusy(progress)}
      aria-disabled={isBusy(progress)}
      onClick={() => run()}
    >
      {isBusy(progress) ? busy : text}
    </button>
  )
}
