import { type ReactNode, useId } from 'react'
import './account.css'

interface Props {
  id: string
  title: string
  /** What it is for, where the title does not say it. */
  hint?: ReactNode
  isLoading?: boolean
  children: ReactNode
}

/** One card of the account page. Its heading takes the focus where a link leads to it. */
export function AccountSection({ id, title, hint, isLoading = false, children }: Props) {
  const titleId = useId()
  return (
    <section id={id} className="card account-section" aria-labelledby={titleId} aria-busy={isLoading}>
      <div className="account-section-title">
        <h2 id={titleId} tabIndex={-1}>
          {title}
        </h2>
        {hint && <p className="quiet">{hint}</p>}
      </div>
      {children}
    </section>
  )
}
