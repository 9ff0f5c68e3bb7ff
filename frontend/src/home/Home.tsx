import { ProfileCard } from '../account/ProfileCard.tsx'
import { ActionButton } from '../components/ActionButton.tsx'
import { ErrorNote } from '../components/ErrorNote.tsx'
import { Heading } from '../components/Heading.tsx'
import { Page } from '../components/Page.tsx'
import { useAction } from '../components/useAction.ts'
import { Notes } from '../notes/Notes.tsx'
import { useServices } from '../services.ts'
import { signOut, type User } from '../session/user.ts'
import { useTexts } from '../texts/language.tsx'
import { homeTexts } from './texts.ts'

/** The page that shows the features' parts together. */
export function Home({ user }: { user: User }) {
  const texts = useTexts(homeTexts)
  const { auth, session } = useServices()
  const leaving = useAction(async () => {
    await signOut(auth)
    session.leave()
  })

  return (
    <Page layout="wide" bar={<ActionButton action={leaving} text={texts.signOut} busy={texts.signingOut} />}>
      {leaving.progress.kind === 'failed' && <ErrorNote what={texts.signOutFailed} error={leaving.progress.error} />}
      <Heading title={texts.title}>{texts.greeting(user.name)}</Heading>
      <ProfileCard />
      <Notes user={user} />
    </Page>
  )
}
