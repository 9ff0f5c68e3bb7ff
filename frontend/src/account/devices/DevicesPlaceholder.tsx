import { useLanguage, useTexts } from '../../texts/language.tsx'
import { DeviceIcon } from './DeviceIcon.tsx'
import { devicesTexts } from './texts.ts'

/** As tall as one device, which everybody has, because it has its texts, unseen. */
export function DevicesPlaceholder() {
  const texts = useTexts(devicesTexts)
  const { locale } = useLanguage()
  const today = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(new Date())
  return (
    <div className="placeholder devices" aria-hidden="true">
      <div className="device">
        <DeviceIcon kind="computer" />
        <div className="device-facts">
          <p className="device-name">
            Chrome, Windows <span className="badge">{texts.thisDevice}</span>
          </p>
          <p className="quiet">{texts.activeNow}</p>
          <p className="quiet">203.0.113.100 · {texts.signedIn(today)}</p>
        </div>
      </div>
    </div>
  )
}
