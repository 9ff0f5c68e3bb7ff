import { ProviderIcon } from '../../components/providers/ProviderIcon.tsx'
import type { Provider } from '../../session/features.ts'
import { useTexts } from '../../texts/language.tsx'
import { connectionTexts } from '../texts.ts'
import { signInMethodsTexts } from './texts.ts'

/** As tall as the list of a user who has a password, because it has its texts, unseen. */
export function MethodsPlaceholder({ providers }: { providers: readonly Provider[] }) {
  const texts = useTexts(signInMethodsTexts)
  const shared = useTexts(connectionTexts)
  return (
    <div className="placeholder methods" aria-hidden="true">
      <div className="method">
        <ProviderIcon provider="credential" />
        <div className="method-facts">
          <p className="method-name">{texts.password}</p>
          <p className="quiet">{texts.passwordSet}</p>
        </div>
      </div>
      {providers.map(({ id, name }) => (
        <div key={id} className="method">
          <ProviderIcon provider={id} />
          <div className="method-facts">
            <p className="method-name">{name}</p>
            <p className="quiet">{shared.notConnected}</p>
          </div>
          <span className="button plain">{shared.connect}</span>
        </div>
      ))}
    </div>
  )
}
