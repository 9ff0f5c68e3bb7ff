import { useEffect, useRef } from 'react'
import { useTexts } from '../texts/language.tsx'
import { announce } from './announcer.ts'
import { StatusLine } from './StatusLine.tsx'
import { offlineTexts } from './texts.ts'
import { useOnline } from './useOnline.ts'

/** Says that there is no connection, as long as there is none. */
export function OfflineLine() {
  const texts = useTexts(offlineTexts)
  const isOnline = useOnline()
  const wasOnline = useRef(true)

  useEffect(() => {
    if (isOnline !== wasOnline.current) announce(isOnline ? texts.over : texts.offline)
    wasOnline.current = isOnline
  }, [isOnline, texts])

  if (isOnline) return null
  return (
    <StatusLine label={texts.connection}>
      <p>{texts.offline}</p>
    </StatusLine>
  )
}
