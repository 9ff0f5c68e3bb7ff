import { useCallback, useEffect } from 'react'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { useLoad } from '../../components/useLoad.ts'
import { useFeatures, useServices } from '../../services.ts'
import type { Provider } from '../../session/features.ts'
import { useTexts } from '../../texts/language.tsx'
import { AccountSection } from '../AccountSection.tsx'
import type { SectionProps } from '../sections.ts'
import { connectionTexts } from '../texts.ts'
import { fetchServices } from './calls.ts'
import { ServiceList } from './ServiceList.tsx'
import { ServiceOutcome } from './ServiceOutcome.tsx'
import { serviceTexts } from './texts.ts'
import './connected-services.css'

/** Other services that this app uses for the user. Nothing where none are configured. */
export function ConnectedServices(props: SectionProps) {
  const features = useFeatures()
  return features && features.connectedServices.length > 0 ? (
    <ServiceSection {...props} offered={features.connectedServices} />
  ) : null
}

function ServiceSection({ id, offered }: SectionProps & { offered: readonly Provider[] }) {
  const texts = useTexts(serviceTexts)
  const { auth } = useServices()
  const { loaded, setLoaded, retry } = useLoad(
    useCallback(() => fetchServices(auth), [auth]),
    texts.loaded,
  )
  useEffect(() => {
    // It comes when the features are known, after the page has looked for what its address names.
    if (location.hash === `#${id}`) document.querySelector<HTMLElement>(`#${id} h2`)?.focus()
  }, [id])

  return (
    <AccountSection id={id} title={texts.title} hint={texts.hint} isLoading={loaded.kind === 'loading'}>
      <ServiceOutcome offered={offered} />
      {loaded.kind === 'loading' && <Placeholder offered={offered} />}
      {loaded.kind === 'failed' && (
        <ErrorNote
          what={texts.notLoaded}
          error={loaded.error}
          retry={{ isRetrying: loaded.isRetrying, onRetry: retry }}
        />
      )}
      {loaded.kind === 'ready' && (
        <ServiceList
          section={id}
          services={loaded.value}
          onChange={(services) => setLoaded({ kind: 'ready', value: services })}
        />
      )}
    </AccountSection>
  )
}

/** As tall as the list of a user who has connected none, because it has its texts, unseen. */
function Placeholder({ offered }: { offered: readonly Provider[] }) {
  const shared = useTexts(connectionTexts)
  return (
    <div className="placeholder services" aria-hidden="true">
      {offered.map(({ id, name }) => (
        <div key={id} className="service">
          <div className="service-facts">
            <p className="service-name">{name}</p>
            <p className="quiet">{shared.notConnected}</p>
          </div>
          <span className="button plain">{shared.connect}</span>
        </div>
      ))}
    </div>
  )
}
