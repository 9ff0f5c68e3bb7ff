import { ProfileCard } from '../account/ProfileCard.tsx'
import { readAppUrl } from '../app-url.ts'
import { Around } from '../components/Around.tsx'
import { Heading } from '../components/Heading.tsx'
import { Page } from '../components/Page.tsx'
import { Notes } from '../notes/Notes.tsx'
import type { User } from '../session/user.ts'
import { useTexts } from '../texts/language.tsx'
import { ToApp } from './ToApp.tsx'
import { homeTexts } from './texts.ts'

/** The page that shows the features' parts together. */
export function Home({ user }: { user: User }) {
  const texts = useTexts(homeTexts)
  const appUrl = readAppUrl(document)
  if (appUrl) return <ToApp url={appUrl} user={user} />
  return (
    <Page layout="wide" user={user}>
      <Heading title={texts.title}>
        <Around text={texts.greeting} value={user.name} />
      </Heading>
      <ProfileCard user={user} />
      {appUrl === undefined && <Notes user={user} />}
    </Page>
  )
}
