import type { ReactNode } from 'react'
import { BrandMark } from '../brand.tsx'
import type { User } from '../session/user.ts'
import { BrandLinks } from './BrandLinks.tsx'
import { LanguageSwitch } from './LanguageSwitch.tsx'
import { UserMenu } from './user-menu/UserMenu.tsx'

interface Props {
  /** `card`: one centred card, for a single action. `wide`: a page to stay on. */
  layout: 'card' | 'wide'
  /** Who is signed in: their menu is at the end of the top bar, and has the languages. */
  user?: User
  children: ReactNode
}

export function Page({ layout, user, children }: Props) {
  return (
    <div className={`page ${layout}-layout`}>
      <header className="top">
        <BrandMark />
        {user && <UserMenu user={user} />}
      </header>
      <main>{children}</main>
      <footer className="bottom">
        <BrandLinks />
        {!user && <LanguageSwitch />}
      </footer>
    </div>
  )
}
