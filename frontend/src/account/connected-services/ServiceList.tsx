import { useState } from 'react'
import { flushSync } from 'react-dom'
import { announce } from '../../components/announcer.ts'
import { useServices } from '../../services.ts'
import { useTexts } from '../../texts/language.tsx'
import { RemoveDialog } from '../RemoveDialog.tsx'
import { connectionTexts } from '../texts.ts'
import { fetchServices, refusals, removeService, type Service, sendKey } from './calls.ts'
import { KeyDialog } from './KeyDialog.tsx'
import { ServiceItem } from './ServiceItem.tsx'
import { serviceTexts } from './texts.ts'

interface Props {
  /** The element's id: its heading takes the focus when a control goes that did something. */
  section: string
  services: readonly Service[]
  onChange: (services: Service[]) => void
}

export function ServiceList({ section, services, onChange }: Props) {
  const texts = useTexts(serviceTexts)
  const shared = useTexts(connectionTexts)
  const { auth } = useServices()
  const [open, setOpen] = useState<{ what: 'key' | 'remove'; service: Service } | null>(null)
  const close = () => setOpen(null)

  async function finish(said: string): Promise<void> {
    const now = await fetchServices(auth)
    flushSync(() => {
      close()
      onChange(now)
    })
    document.querySelector<HTMLElement>(`#${section} h2`)?.focus()
    announce(said)
  }

  async function remove(service: Service): Promise<void> {
    await removeService(auth, service.id)
    await finish(shared.removed(service.name))
  }

  async function connectByKey(service: Service, key: string): Promise<void> {
    await sendKey(auth, service.id, key)
    await finish(shared.connected(service.name))
  }

  return (
    <>
      <ul className="services">
        {services.map((service) => (
          <ServiceItem
            key={service.id}
            service={service}
            onEnterKey={() => setOpen({ what: 'key', service })}
            onRemove={() => setOpen({ what: 'remove', service })}
          />
        ))}
      </ul>
      {open?.what === 'key' && (
        <KeyDialog service={open.service} connect={(key) => connectByKey(open.service, key)} onCancel={close} />
      )}
      {open?.what === 'remove' && (
        <RemoveDialog
          name={open.service.name}
          reason={texts.removeReason(open.service.name)}
          refusals={refusals}
          remove={() => remove(open.service)}
          onCancel={close}
        />
      )}
    </>
  )
}
