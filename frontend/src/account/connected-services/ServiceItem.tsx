import { Around } from '../../components/Around.tsx'
import { useAnnounceWhen } from '../../components/announcer.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { commonTexts } from '../../components/texts.ts'
import { isBusy, useAction } from '../../components/useAction.ts'
import { useServices } from '../../services.ts'
import { useLanguage, useTexts } from '../../texts/language.tsx'
import { connectionTexts } from '../texts.ts'
import { type Connection, connectAt, refusals, type Service } from './calls.ts'
import { serviceTexts } from './texts.ts'

interface Props {
  service: Service
  onEnterKey: () => void
  onRemove: () => void
}

export function ServiceItem({ service, onEnterKey, onRemove }: Props) {
  const texts = useTexts(serviceTexts)
  const shared = useTexts(connectionTexts)
  const { auth } = useServices()
  const { name, kind, connection } = service
  const leave = useAction(() => connectAt(auth, service.id), refusals)
  useAnnounceWhen(leave.progress.kind === 'slow', useTexts(commonTexts).slow)
  const isLeaving = isBusy(leave.progress)
  const isOffered = kind !== null && (connection === null || connection.isRevoked)
  const [connect, connectThis] = connection
    ? [texts.connectAgain, texts.connectThisAgain(name)]
    : [shared.connect, shared.connectThis(name)]
  return (
    <li className="service">
      <div className="service-facts">
        <p className="service-name">{name}</p>
        {connection ? <Facts connection={connection} /> : <p className="quiet">{shared.notConnected}</p>}
        {connection?.isRevoked && kind !== null && <p className="service-ended">{texts.ended}</p>}
        {kind === null && <p className="service-ended">{texts.notOffered}</p>}
      </div>
      <div className="actions">
        {isOffered && (
          <button
            type="button"
            className="button plain"
            aria-label={isLeaving ? undefined : connectThis}
            aria-busy={isLeaving}
            aria-disabled={isLeaving}
            onClick={() => (kind === 'oauth' ? leave.run() : onEnterKey())}
          >
            {isLeaving ? shared.leaving : connect}
          </button>
        )}
        {connection && (
          <button type="button" className="button bare" aria-label={shared.removeThis(name)} onClick={onRemove}>
            {shared.remove}
          </button>
        )}
      </div>
      {leave.progress.kind === 'failed' && <ErrorNote what={shared.notBegun(name)} error={leave.progress.error} />}
    </li>
  )
}

/** What the service says is in its own words, which may run in the other direction. */
function Facts({ connection: { since, account, keyHint, scopes } }: { connection: Connection }) {
  const texts = useTexts(serviceTexts)
  const shared = useTexts(connectionTexts)
  const { locale } = useLanguage()
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(since)
  return (
    <>
      {account !== null && (
        <p className="quiet">
          <Around text={texts.account} value={account} />
        </p>
      )}
      {keyHint !== null && (
        <p className="quiet">
          <Around text={texts.keyHint} value={keyHint} />
        </p>
      )}
      {scopes.length > 0 && (
        <p className="quiet">
          <Around text={texts.scopes} value={scopes.join(', ')} />
        </p>
      )}
      <p className="quiet">{shared.since(date)}</p>
    </>
  )
}
