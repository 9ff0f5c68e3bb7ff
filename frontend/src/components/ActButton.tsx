import { type Act, isBusy } from './useAct.ts'

interface Props {
  act: Act<[]>
  /** The button's text, and what it says meanwhile. */
  text: string
  busy: string
}

/** For an act that needs no fields. */
export function ActButton({ act: { progress, run }, text, busy }: Props) {
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
