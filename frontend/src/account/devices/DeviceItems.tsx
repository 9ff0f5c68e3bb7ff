import { useState } from 'react'
import { useTexts } from '../../texts/language.tsx'
import type { DeviceList, SignedInDevice } from './calls.ts'
import { DeviceItem } from './DeviceItem.tsx'
import { devicesTexts } from './texts.ts'

interface Props {
  list: DeviceList
  signOut: (device: SignedInDevice) => Promise<void>
  /** All others are to be signed out. */
  onOthers: () => void
}

/** As many as most users have; with more, the rest is one click away. */
const SHOWN_FIRST = 6

export function DeviceItems({ list: { devices, total }, signOut, onOthers }: Props) {
  const texts = useTexts(devicesTexts)
  const [isWhole, setWhole] = useState(false)
  const shown = isWhole ? devices : devices.slice(0, SHOWN_FIRST)
  const hasOthers = devices.some(({ isCurrent }) => !isCurrent)

  return (
    <>
      <ul className="devices">
        {shown.map((device) => (
          <DeviceItem key={device.id} device={device} signOut={() => signOut(device)} />
        ))}
      </ul>
      {isWhole && devices.length < total && <p className="quiet">{texts.notAll(total)}</p>}
      {!hasOthers && <p className="quiet">{texts.nowhereElse}</p>}
      {hasOthers && (
        <div className="actions">
          {shown.length < devices.length && (
            <button type="button" className="button plain" onClick={() => setWhole(true)}>
              {texts.showAll(total)}
            </button>
          )}
          <button type="button" className="button plain" onClick={onOthers}>
            {texts.signOutOthers}
          </button>
        </div>
      )}
    </>
  )
}
