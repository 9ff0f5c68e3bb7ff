import { ActionButton } from '../../components/ActionButton.tsx'
import { announce } from '../../components/announcer.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { useAction } from '../../components/useAction.ts'
import { useServices } from '../../services.ts'
import { useLanguage, useTexts } from '../../texts/language.tsx'
import { forgetDevice, type TrustedDevice } from './calls.ts'
import { twoFactorTexts } from './texts.ts'

interface Props {
  devices: TrustedDevice[]
  onForgotten: () => Promise<void>
}

export function TrustedDevices({ devices, onForgotten }: Props) {
  const texts = useTexts(twoFactorTexts)
  if (devices.length === 0) return null
  return (
    <div>
      <h3 tabIndex={-1}>{texts.trusted}</h3>
      <ul className="trusted-devices">
        {devices.map((device) => (
          <Device key={device.id} device={device} onForgotten={onForgotten} />
        ))}
      </ul>
    </div>
  )
}

function Device({ device, onForgotten }: { device: TrustedDevice; onForgotten: () => Promise<void> }) {
  const texts = useTexts(twoFactorTexts)
  const { locale } = useLanguage()
  const { auth } = useServices()
  const action = useAction(async () => {
    await forgetDevice(auth, device.id)
    announce(texts.forgotten)
    await onForgotten()
  })
  const until = new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(device.expiresAt)
  return (
    <li>
      <div>
        <p>
          <bdi>{nameOf(device.userAgent) ?? texts.unknownDevice}</bdi>{' '}
          {device.isCurrent && <span className="badge">{texts.thisDevice}</span>}
        </p>
        <p className="quiet">{texts.until(until)}</p>
      </div>
      <ActionButton action={action} text={texts.forget} busy={texts.forgetting} />
      {action.progress.kind === 'failed' && <ErrorNote what={texts.notForgotten} error={action.progress.error} />}
    </li>
  )
}

/** The browser and the system, roughly: the devices section knows more. */
function nameOf(userAgent: string): string | null {
  const browser = BROWSERS.find(([sign]) => userAgent.includes(sign))?.[1]
  const system = SYSTEMS.find(([sign]) => userAgent.includes(sign))?.[1]
  return [browser, system].filter(Boolean).join(', ') || null
}

/** The first that is found counts: Edge and Opera say Chrome too, and Chrome says Safari. */
const BROWSERS = [
  ['Edg/', 'Edge'],
  ['OPR/', 'Opera'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['CriOS/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const

const SYSTEMS = [
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Android', 'Android'],
  ['Windows', 'Windows'],
  ['Mac OS', 'macOS'],
  ['CrOS', 'ChromeOS'],
  ['Linux', 'Linux'],
] as const
