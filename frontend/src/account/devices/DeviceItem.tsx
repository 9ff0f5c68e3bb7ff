import { useAnnounceWhen } from '../../components/announcer.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { commonTexts } from '../../components/texts.ts'
import { isBusy, useAction } from '../../components/useAction.ts'
import { useLanguage, useTexts } from '../../texts/language.tsx'
import { deviceName } from '../device.ts'
import { deviceTexts } from '../texts.ts'
import type { SignedInDevice } from './calls.ts'
import { DeviceIcon } from './DeviceIcon.tsx'
import { devicesTexts } from './texts.ts'
import { useActive } from './useActive.ts'

interface Props {
  device: SignedInDevice
  signOut: () => Promise<void>
}

export function DeviceItem({ device, signOut }: Props) {
  const texts = useTexts(devicesTexts)
  const name = deviceName(device, useTexts(deviceTexts))
  const { locale } = useLanguage()
  const active = useActive(device)
  const action = useAction(signOut)
  const isSigningOut = isBusy(action.progress)
  useAnnounceWhen(action.progress.kind === 'slow', useTexts(commonTexts).slow)
  const since = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(device.createdAt)

  return (
    <li className="device">
      <DeviceIcon kind={device.kind} />
      <div className="device-facts">
        <p className="device-name">
          <bdi>{name}</bdi>
          {device.isCurrent && <span className="badge good">{texts.thisDevice}</span>}
          {device.isImpersonation && <span className="badge">{texts.impersonation}</span>}
        </p>
        <p className="quiet">{active}</p>
        <p className="quiet">
          {device.ipAddress && (
            <>
              <bdi>{device.ipAddress}</bdi>
              {' · '}
            </>
          )}
          {texts.signedIn(since)}
        </p>
      </div>
      {!device.isCurrent && (
        <button
          type="button"
          className="button bare"
          aria-label={isSigningOut ? undefined : texts.signOutThis(name)}
          aria-busy={isSigningOut}
          aria-disabled={isSigningOut}
          onClick={() => action.run()}
        >
          {isSigningOut ? texts.signingOut : texts.signOut}
        </button>
      )}
      {action.progress.kind === 'failed' && <ErrorNote what={texts.notSignedOut} error={action.progress.error} />}
    </li>
  )
}
