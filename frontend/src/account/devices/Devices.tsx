import { useCallback, useState } from 'react'
import { flushSync } from 'react-dom'
import { announce } from '../../components/announcer.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { useLoad } from '../../components/useLoad.ts'
import { useServices } from '../../services.ts'
import { useTexts } from '../../texts/language.tsx'
import { AccountSection } from '../AccountSection.tsx'
import { deviceName } from '../device.ts'
import type { SectionProps } from '../sections.ts'
import { deviceTexts } from '../texts.ts'
import { type DeviceList, fetchDevices, type SignedInDevice, signOutDevice, signOutOtherDevices } from './calls.ts'
import { DeviceItems } from './DeviceItems.tsx'
import { DevicesPlaceholder } from './DevicesPlaceholder.tsx'
import { SignOutOthers } from './SignOutOthers.tsx'
import { devicesTexts } from './texts.ts'
import './devices.css'

/** Where the user is signed in, and the end of that. */
export function Devices({ id }: SectionProps) {
  const texts = useTexts(devicesTexts)
  const names = useTexts(deviceTexts)
  const { auth } = useServices()
  const [isAsking, setAsking] = useState(false)
  const { loaded, setLoaded, retry } = useLoad(
    useCallback(() => fetchDevices(auth), [auth]),
    texts.loaded,
  )

  /** The control that did it goes, so the focus goes to the heading. A list that is still loading may be from before. */
  function change(to: (list: DeviceList) => SignedInDevice[]): void {
    flushSync(() => {
      setAsking(false)
      setLoaded((now) =>
        now.kind === 'ready' ? { kind: 'ready', value: without(now.value, to) } : { kind: 'loading' },
      )
    })
    document.querySelector<HTMLElement>(`#${id} h2`)?.focus()
  }

  async function signOut(device: SignedInDevice): Promise<void> {
    await signOutDevice(auth, device.id)
    change(({ devices }) => devices.filter(({ id }) => id !== device.id))
    announce(texts.signedOut(deviceName(device, names)))
  }

  async function signOutOthers(): Promise<void> {
    await signOutOtherDevices(auth)
    change(({ devices }) => devices.filter(({ isCurrent }) => isCurrent))
    announce(texts.othersSignedOut)
  }

  return (
    <AccountSection id={id} title={texts.title} hint={texts.hint} isLoading={loaded.kind === 'loading'}>
      {loaded.kind === 'loading' && <DevicesPlaceholder />}
      {loaded.kind === 'failed' && (
        <ErrorNote
          what={texts.notLoaded}
          error={loaded.error}
          retry={{ isRetrying: loaded.isRetrying, onRetry: retry }}
        />
      )}
      {loaded.kind === 'ready' && (
        <DeviceItems list={loaded.value} signOut={signOut} onOthers={() => setAsking(true)} />
      )}
      {isAsking && <SignOutOthers signOut={signOutOthers} onCancel={() => setAsking(false)} />}
    </AccountSection>
  )
}

/** Those that the list did not have are gone only where all others are. */
function without(list: DeviceList, to: (list: DeviceList) => SignedInDevice[]): DeviceList {
  const devices = to(list)
  const hasOthers = devices.some(({ isCurrent }) => !isCurrent)
  return { devices, total: hasOthers ? list.total - list.devices.length + devices.length : devices.length }
}
