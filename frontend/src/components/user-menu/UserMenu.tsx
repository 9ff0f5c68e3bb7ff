import { Link, useLocation } from 'wouter'
import { paths } from '../../paths.ts'
import { useServices } from '../../services.ts'
import { signOut, type User } from '../../session/user.ts'
import { useTexts } from '../../texts/language.tsx'
import { ActionButton } from '../ActionButton.tsx'
import { Avatar } from '../Avatar.tsx'
import { ErrorNote } from '../ErrorNote.tsx'
import { LanguageSwitch } from '../LanguageSwitch.tsx'
import { useAction } from '../useAction.ts'
import { userMenuTexts } from './texts.ts'
import { useDisclosure } from './useDisclosure.ts'
import './user-menu.css'

/** At the end of the bar of every page of a signed-in user: who they are, where they can go, their language, the way out. */
export function UserMenu({ user }: { user: User }) {
  const texts = useTexts(userMenuTexts)
  const { isOpen, close, area, button, panel } = useDisclosure()
  const { auth, session } = useServices()
  const leaving = useAction(() => session.signOut(() => signOut(auth)))

  return (
    <div className="user-menu" {...area}>
      <button type="button" className="button plain user-menu-button" aria-label={texts.account(user.name)} {...button}>
        <Avatar name={user.name} />
        <bdi className="user-menu-name">{user.name}</bdi>
        <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
          <path d={isOpen ? 'M4 10l4-4 4 4' : 'M4 6l4 4 4-4'} />
        </svg>
      </button>
      <div className="user-menu-panel" {...panel}>
        <div className="user-menu-who">
          <p className="user-menu-full-name">
            <bdi>{user.name}</bdi>
          </p>
          <p className="quiet">
            <bdi>{user.email}</bdi>
          </p>
        </div>
        <MenuLinks onFollow={close} />
        <LanguageSwitch />
        <div className="user-menu-end">
          {leaving.progress.kind === 'failed' && (
            <ErrorNote what={texts.signOutFailed} error={leaving.progress.error} />
          )}
          <ActionButton action={leaving} text={texts.signOut} busy={texts.signingOut} />
        </div>
      </div>
    </div>
  )
}

/** The pages of an account join this list. */
function MenuLinks({ onFollow }: { onFollow: () => void }) {
  const texts = useTexts(userMenuTexts)
  const [location] = useLocation()
  const links = [
    { path: paths.home, text: texts.home },
    { path: paths.account, text: texts.yourAccount },
  ]
  return (
    <ul className="user-menu-links">
      {links.map(({ path, text }) => (
        <li key={path}>
          <Link href={path} aria-current={path === location ? 'page' : undefined} onClick={onFollow}>
            {text}
          </Link>
        </li>
      ))}
    </ul>
  )
}
