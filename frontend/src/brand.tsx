/** The slot for your brand: change these two, and public/favicon.svg. */
export const brandName = 'Auth Sidecar'

export function BrandMark() {
  return (
    <svg className="brand-mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
      <rect width="32" height="32" rx="8" className="brand-mark-ground" />
      <circle cx="13" cy="16" r="6" className="brand-mark-ring" />
      <circle cx="23" cy="16" r="3" className="brand-mark-dot" />
    </svg>
  )
}
