import { ProfileCard } from '../account/ProfileCard.tsx'
import { Heading } from '../components/Heading.tsx'
import { Page } from '../components/Page.tsx'
import { Notes } from '../notes/Notes.tsx'
import type { User } from '../session/user.ts'
import { useTexts } from '../texts/language.tsx'
import { homeTexts } from './texts.ts'

/** The page that shows the features' parts together. */
export function Home({ user }: { user: User }) {
  const texts = useTexts(homeTexts)
  return (
    <Page layout="wide" user={user}>
      <Heading title={texts.title}>{texts.greeting(user.name)}</Heading>
      <ProfileCard />
      <Notes user={user} />
    </Page>
  )
}
