import { Children, type ReactNode } from 'react'
import { useFeatures, useServices } from '../../services.ts'
import type { Provider } from '../../session/features.ts'
import { useTexts } from '../../texts/language.tsx'
import { useAnnounceWhen } from '../announcer.ts'
import { ErrorNote } from '../ErrorNote.tsx'
import { commonTexts } from '../texts.ts'
import { isBusy, useAction } from '../useAction.ts'
import { signInAt } from './calls.ts'
import { ProviderIcon } from './ProviderIcon.tsx'
import { providerTexts } from './texts.ts'
import './providers.css'

interface Props {
  /** Paths of the app: where a sign-in leads to, and where if it does not work. */
  next: string
  onError: string
}

/**
 * A button for each provider that users can sign in at, and other ways beside the form; nothing where there are none.
 * Who is new at a provider gets an account.
 */
export function ProviderButtons({ children, ...props }: Props & { children?: ReactNode }) {
  const { or } = useTexts(providerTexts)
  const providers = useFeatures()?.providers ?? []
  if (providers.length === 0 && Children.toArray(children).length === 0) return null
  return (
    <div className="providers">
      <p className="providers-or">{or}</p>
      {providers.map((provider) => (
        <ProviderButton key={provider.id} provider={provider} {...props} />
      ))}
      {children}
    </div>
  )
}

function ProviderButton({ provider: { id, name }, next, onError }: Props & { provider: Provider }) {
  const texts = useTexts(providerTexts)
  const { auth } = useServices()
  const { progress, run } = useAction(() => signInAt(auth, { provider: id, next, onError }))
  useAnnounceWhen(progress.kind === 'slow', useTexts(commonTexts).slow)
  return (
    <>
      <button
        type="button"
        className="button plain"
        aria-busy={isBusy(progress)}
        aria-disabled={isBusy(progress)}
        onClick={() => run()}
      >
        <ProviderIcon provider={id} />
        <span>{isBusy(progress) ? texts.leaving(name) : texts.continueWith(name)}</span>
      </button>
      {progress.kind === 'failed' && <ErrorNote what={texts.notReached(name)} error={progress.error} />}
    </>
  )
}
