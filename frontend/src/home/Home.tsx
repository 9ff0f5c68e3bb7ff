import { ProfileCard, SessionProfile } from '../account/ProfileCard.tsx'
import { Around } from '../components/Around.tsx'
import { Heading } from '../components/Heading.tsx'
import { Page } from '../components/Page.tsx'
import { Notes } from '../notes/Notes.tsx'
import { useServices } from '../services.ts'
import type { User } from '../session/user.ts'
import { useTexts } from '../texts/language.tsx'
import { ToApp } from './ToApp.tsx'
import { homeTexts } from './texts.ts'

/** The page that shows the features' parts together; of pages that the auth server serves alone, the way to the user's app. */
export function Home({ user }: { user: User }) {
  const texts = useTexts(homeTexts)
  const { appUrl } = useServices()
  if (appUrl) return <ToApp url={appUrl} user={user} />
  return (
    <Page layout="wide" user={user}>
      <Heading title={texts.title}>
        <Around text={texts.greeting} value={user.name} />
      </Heading>
      {appUrl === undefined ? (
        <>
          <ProfileCard user={user} />
          <Notes user={user} />
        </>
      ) : (
        <SessionProfile user={user} />
      )}
    </Page>
  )
}
