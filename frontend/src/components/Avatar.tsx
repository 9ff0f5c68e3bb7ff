import { useLanguage } from '../texts/language.tsx'
import { initials } from './initials.ts'
import './avatar.css'

/** Stands beside the name, so it is no text. Without a letter to show it is a figure. */
export function Avatar({ name }: { name: string }) {
  const letters = initials(name, useLanguage().locale)
  return (
    <span className="avatar" aria-hidden="true" data-initials={letters}>
      {letters === '' && (
        <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" className="icon">
          <circle cx="12" cy="8" r="4" />
          <path d="M4 20c1-4 4-6 8-6s7 2 8 6" />
        </svg>
      )}
    </span>
  )
}
