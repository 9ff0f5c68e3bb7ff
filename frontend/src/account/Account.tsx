import { useEffect } from 'react'
import { Heading } from '../components/Heading.tsx'
import { Page } from '../components/Page.tsx'
import type { User } from '../session/user.ts'
import { useTexts } from '../texts/language.tsx'
import { sections } from './sections.ts'
import { accountTexts } from './texts.ts'

/** All that a user can see and change of their account. */
export function Account({ user }: { user: User }) {
  const texts = useTexts(accountTexts)
  useEffect(() => {
    goToSection()
    window.addEventListener('hashchange', goToSection)
    return () => window.removeEventListener('hashchange', goToSection)
  }, [])

  return (
    <Page layout="wide" user={user}>
      <Heading>{texts.title}</Heading>
      {Object.entries(sections).map(([id, Section]) => (
        <Section key={id} id={id} user={user} ids={Object.keys(sections)} />
      ))}
    </Page>
  )
}

/** The browser looks for the part that a link names before it is there. The focus scrolls to it. */
function goToSection(): void {
  const id = location.hash.slice(1)
  if (Object.hasOwn(sections, id)) document.querySelector<HTMLElement>(`#${id} h2`)?.focus()
}
