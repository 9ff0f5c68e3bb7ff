import { useEffect, useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import { useAnnounceWhen } from '../../components/announcer.ts'
import type { Provider } from '../../session/features.ts'
import { useLanguage, useTexts } from '../../texts/language.tsx'
import { connectionTexts } from '../texts.ts'
import { reasonOf } from './texts.ts'

/** The service's page has led the browser back: `?service=`, and `&service-error=` where it did not work. */
export function ServiceOutcome({ offered }: { offered: readonly Provider[] }) {
  const shared = useTexts(connectionTexts)
  const { language } = useLanguage()
  const [path, navigate] = useLocation()
  const query = new URLSearchParams(useSearch())
  const isInAddress = query.has('service')
  const [{ service, error }] = useState({ service: query.get('service'), error: query.get('service-error') })
  const name = offered.find(({ id }) => id === service)?.name
  const done = name !== undefined && error === null ? shared.connected(name) : ''
  useAnnounceWhen(done !== '', done)

  query.delete('service')
  query.delete('service-error')
  const without = query.size > 0 ? `${path}?${query}` : path
  useEffect(() => {
    if (isInAddress) navigate(without + location.hash, { replace: true })
  }, [isInAddress, without, navigate])

  if (name === undefined) return null
  if (done !== '') return <p className="done">{done}</p>
  return (
    <p role="alert" className="error-note">
      {shared.notBegun(name)} {reasonOf(error ?? '')[language]}
    </p>
  )
}
