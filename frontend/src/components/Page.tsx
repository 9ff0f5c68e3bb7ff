import type { ReactNode } from 'react'
import { BrandMark, brandName } from '../brand.tsx'
import { LanguageSwitch } from './LanguageSwitch.tsx'

interface Props {
  /** `card`: one centred card, for a single action. `wide`: a page to stay on. */
  layout: 'card' | 'wide'
  /** At the end of the top bar. */
  bar?: ReactNode
  children: ReactNode
}

export function Page({ layout, bar, children }: Props) {
  return (
    <div className={`page ${layout}-layout`}>
      <header className="top">
        <p className="brand">
          <BrandMark />
          {brandName}
        </p>
        {bar}
      </header>
      <main>{children}</main>
      <footer className="bottom">
        <LanguageSwitch />
      </footer>
    </div>
  )
}
