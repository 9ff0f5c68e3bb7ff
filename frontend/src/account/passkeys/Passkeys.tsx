import { useCallback } from 'react'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { hasPasskeys } from '../../components/passkeys.ts'
import { useLoad } from '../../components/useLoad.ts'
import { useFeatures, useServices } from '../../services.ts'
import { useTexts } from '../../texts/language.tsx'
import { AccountSection } from '../AccountSection.tsx'
import type { SectionProps } from '../sections.ts'
import { fetchPasskeys } from './calls.ts'
import { PasskeySettings } from './PasskeySettings.tsx'
import { passkeyTexts } from './texts.ts'
import './passkeys.css'

/** Shows nothing where neither the browser nor the address has passkeys. */
export function Passkeys(props: SectionProps) {
  const features = useFeatures()
  return features?.passkeys && hasPasskeys() ? <PasskeySection {...props} /> : null
}

function PasskeySection({ id }: SectionProps) {
  const texts = useTexts(passkeyTexts)
  const { auth } = useServices()
  const { loaded, setLoaded, retry } = useLoad(
    useCallback(() => fetchPasskeys(auth), [auth]),
    texts.loaded,
  )

  return (
    <AccountSection id={id} title={texts.title} hint={texts.hint} isLoading={loaded.kind === 'loading'}>
      {loaded.kind === 'loading' && (
        <div className="passkey-settings placeholder" aria-hidden="true">
          <p>{texts.none}</p>
          <span className="button plain">{texts.add}</span>
        </div>
      )}
      {loaded.kind === 'failed' && (
        <ErrorNote
          what={texts.notLoaded}
          error={loaded.error}
          retry={{ isRetrying: loaded.isRetrying, onRetry: retry }}
        />
      )}
      {loaded.kind === 'ready' && (
        <PasskeySettings
          passkeys={loaded.value}
          onChange={(passkeys) => setLoaded({ kind: 'ready', value: passkeys })}
        />
      )}
    </AccountSection>
  )
}
