import type { ReactNode } from 'react'

interface Props {
  label: string
  children: ReactNode
}

/** Across the top of a page, and in sight while it scrolls: what is true of the whole page. */
export function StatusLine({ label, children }: Props) {
  return (
    <section className="status-line" aria-label={label}>
      <div>{children}</div>
    </section>
  )
}
