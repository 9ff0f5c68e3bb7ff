import { useAnnounceWhen } from '../../components/announcer.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { linkAt } from '../../components/providers/calls.ts'
import { ProviderIcon } from '../../components/providers/ProviderIcon.tsx'
import { commonTexts } from '../../components/texts.ts'
import { isBusy, useAction } from '../../components/useAction.ts'
import { paths } from '../../paths.ts'
import { useServices } from '../../services.ts'
import { useLanguage, useTexts } from '../../texts/language.tsx'
import { connectionTexts } from '../texts.ts'
import { refusals } from './calls.ts'
import type { Entry } from './methods.ts'
import { signInMethodsTexts } from './texts.ts'

interface Props {
  entry: Entry
  name: string
  onRemove: () => void
}

export function MethodItem({ entry, name, onRemove }: Props) {
  const shared = useTexts(connectionTexts)
  const state = useStateText(entry)
  const { method, providerId } = entry
  // A password is changed, not removed. Whether it is the last way in, the auth server knows.
  const isRemovable = method !== null && providerId !== 'credential'
  return (
    <li className="method">
      <ProviderIcon provider={providerId} />
      <div className="method-facts">
        <p className="method-name">{name}</p>
        <p className="quiet">{state}</p>
      </div>
      {isRemovable && (
        <button type="button" className="button bare" aria-label={shared.removeThis(name)} onClick={onRemove}>
          {shared.remove}
        </button>
      )}
      {method === null && <Connect provider={providerId} name={name} />}
    </li>
  )
}

function useStateText({ method, providerId, isOffered }: Entry): string {
  const texts = useTexts(signInMethodsTexts)
  const shared = useTexts(connectionTexts)
  const { locale } = useLanguage()
  if (method === null) return shared.notConnected
  if (!isOffered) return texts.notOffered
  if (providerId === 'credential') return texts.passwordSet
  return shared.since(new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(method.createdAt))
}

function Connect({ provider, name }: { provider: string; name: string }) {
  const shared = useTexts(connectionTexts)
  const { auth } = useServices()
  const next = `${paths.account}?${new URLSearchParams({ connected: provider })}#sign-in-methods`
  const { progress, run } = useAction(
    () => linkAt(auth, { provider, next, onError: `${paths.account}#sign-in-methods` }),
    refusals,
  )
  useAnnounceWhen(progress.kind === 'slow', useTexts(commonTexts).slow)
  return (
    <>
      <button
        type="button"
        className="button plain"
        aria-label={isBusy(progress) ? undefined : shared.connectThis(name)}
        aria-busy={isBusy(progress)}
        aria-disabled={isBusy(progress)}
        onClick={() => run()}
      >
        {isBusy(progress) ? shared.leaving : shared.connect}
      </button>
      {progress.kind === 'failed' && <ErrorNote what={shared.notBegun(name)} error={progress.error} />}
    </>
  )
}
