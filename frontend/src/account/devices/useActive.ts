import { useLanguage, useTexts } from '../../texts/language.tsx'
import type { SignedInDevice } from './calls.ts'
import { devicesTexts } from './texts.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** In days: a service that has the session in its cache does not tell when it is used. */
export function useActive({ isCurrent, lastUsedAt }: Pick<SignedInDevice, 'isCurrent' | 'lastUsedAt'>): string {
  const texts = useTexts(devicesTexts)
  const { locale } = useLanguage()
  const days = Math.floor((Date.now() - lastUsedAt.getTime()) / DAY_MS)
  if (isCurrent) return texts.activeNow
  if (days < 1) return texts.activeToday
  return texts.lastActive(new Intl.RelativeTimeFormat(locale).format(-days, 'day'))
}
