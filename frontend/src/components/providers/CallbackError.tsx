import { useEffect, useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import { useSession } from '../../services.ts'
import { useLanguage } from '../../texts/language.tsx'
import { reasonOf } from './texts.ts'

/** Why a provider's page led the browser back without a sign-in: `?error=`. It leaves the address, where it would be shown again. */
export function CallbackError() {
  const { language } = useLanguage()
  const [path, navigate] = useLocation()
  const query = new URLSearchParams(useSearch())
  const [code] = useState(() => query.get('error'))
  // Until it is known who is signed in, the address decides where to go: see nextOf.
  const isKnown = useSession().kind !== 'loading'
  const isInAddress = isKnown && query.has('error')
  query.delete('error')
  query.delete('error_description')
  const without = query.size > 0 ? `${path}?${query}` : path

  useEffect(() => {
    if (isInAddress) navigate(without + location.hash, { replace: true })
  }, [isInAddress, without, navigate])

  if (code === null) return null
  return (
    <p role="alert" className="error-note">
      {reasonOf(code)[language]}
    </p>
  )
}
