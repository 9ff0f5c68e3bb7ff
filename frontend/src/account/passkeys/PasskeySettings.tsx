import { ActionButton } from '../../components/ActionButton.tsx'
import { announce } from '../../components/announcer.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { useAction } from '../../components/useAction.ts'
import { useServices } from '../../services.ts'
import { useTexts } from '../../texts/language.tsx'
import { addPasskey, fetchPasskeys, type Passkey, refusals } from './calls.ts'
import { PasskeyItem } from './PasskeyItem.tsx'
import { passkeyTexts } from './texts.ts'

interface Props {
  passkeys: Passkey[]
  onChange: (passkeys: Passkey[]) => void
}

export function PasskeySettings({ passkeys, onChange }: Props) {
  const texts = useTexts(passkeyTexts)
  const { auth } = useServices()
  const add = useAction(async () => {
    await addPasskey(auth, nameOfThisDevice())
    await changed(texts.added)
  }, refusals)

  async function changed(said: string): Promise<void> {
    onChange(await fetchPasskeys(auth))
    announce(said)
  }

  return (
    <div className="passkey-settings">
      {passkeys.length === 0 && <p>{texts.none}</p>}
      {passkeys.length > 0 && (
        <ul className="passkeys">
          {passkeys.map((passkey) => (
            <PasskeyItem key={passkey.id} passkey={passkey} onChanged={changed} />
          ))}
        </ul>
      )}
      <ActionButton action={add} text={texts.add} busy={texts.adding} />
      {add.progress.kind === 'failed' && <ErrorNote what={texts.notAdded} error={add.progress.error} />}
    </div>
  )
}

/** A first name, which the user can change: roughly where it was made. */
function nameOfThisDevice(): string {
  const systems = ['iPhone', 'iPad', 'Android', 'Windows', 'Mac', 'CrOS', 'Linux']
  return systems.find((system) => navigator.userAgent.includes(system)) ?? ''
}
