import { useCallback } from 'react'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { useLoad } from '../../components/useLoad.ts'
import { useFeatures, useServices } from '../../services.ts'
import { useTexts } from '../../texts/language.tsx'
import { AccountSection } from '../AccountSection.tsx'
import type { SectionProps } from '../sections.ts'
import { fetchState } from './calls.ts'
import { TwoFactorSettings } from './TwoFactorSettings.tsx'
import { twoFactorTexts } from './texts.ts'
import './two-factor.css'

/** An authenticator app as the second factor; nothing where it is off. */
export function TwoFactor(props: SectionProps) {
  return useFeatures()?.twoFactor ? <TwoFactorSection {...props} /> : null
}

function TwoFactorSection({ id, user }: SectionProps) {
  const texts = useTexts(twoFactorTexts)
  const { auth } = useServices()
  const { loaded, setLoaded, retry } = useLoad(
    useCallback(() => fetchState(auth), [auth]),
    texts.loaded,
  )

  return (
    <AccountSection id={id} title={texts.title} hint={texts.hint} isLoading={loaded.kind === 'loading'}>
      {loaded.kind === 'loading' && <TwoFactorPlaceholder />}
      {loaded.kind === 'failed' && (
        <ErrorNote
          what={texts.notLoaded}
          error={loaded.error}
          retry={{ isRetrying: loaded.isRetrying, onRetry: retry }}
        />
      )}
      {loaded.kind === 'ready' && (
        <TwoFactorSettings
          state={loaded.value}
          user={user}
          onChange={(state) => setLoaded({ kind: 'ready', value: state })}
        />
      )}
    </AccountSection>
  )
}

/** As tall as it is for most users, who have not set it up. */
function TwoFactorPlaceholder() {
  const texts = useTexts(twoFactorTexts)
  return (
    <div className="two-factor placeholder" aria-hidden="true">
      <dl className="facts">
        <div>
          <dt>{texts.app}</dt>
          <dd>
            <span className="badge">{texts.off}</span>
            <span className="button plain">{texts.setUp}</span>
          </dd>
        </div>
      </dl>
    </div>
  )
}
