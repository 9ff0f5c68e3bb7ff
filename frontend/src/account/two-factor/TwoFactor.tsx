import { useCallback } from 'react'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { useLoad } from '../../components/useLoad.ts'
import { useFeatures, useServices } from '../../services.ts'
import { useTexts } from '../../texts/language.tsx'
import { AccountSection } from '../AccountSection.tsx'
import type { SectionProps } from '../sections.ts'
import { fetchState } from './calls.ts'
import { twoFactorTexts } from './texts.ts'
import './two-factor.css'

/** What it takes to set it up is loaded with its state: few visits of the page need it, and no other page. */
async function load(auth: Parameters<typeof fetchState>[0]) {
  const [state, { TwoFactorSettings }] = await Promise.all([fetchState(auth), import('./TwoFactorSettings.tsx')])
  return { state, TwoFactorSettings }
}

/** An authenticator app as the second factor; nothing where it is off. */
export function TwoFactor(props: SectionProps) {
  return useFeatures()?.twoFactor ? <TwoFactorSection {...props} /> : null
}

function TwoFactorSection({ id, user }: SectionProps) {
  const texts = useTexts(twoFactorTexts)
  const { auth } = useServices()
  const { loaded, setLoaded, retry } = useLoad(
    useCallback(() => load(auth), [auth]),
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
        <loaded.value.TwoFactorSettings
          state={loaded.value.state}
          user={user}
          onChange={(state) => setLoaded({ kind: 'ready', value: { ...loaded.value, state } })}
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
