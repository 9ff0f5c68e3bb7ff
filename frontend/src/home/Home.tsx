import { ProfileCard } from '../account/ProfileCard.tsx'
import { Around } from '../components/Around.tsx'
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
      <Heading title={texts.title}>
        <Around text={texts.greeting} value={user.name} />
      </Heading>
      <ProfileCard user={user} />
      <Notes user={user} />
    </Page>
  )
}
