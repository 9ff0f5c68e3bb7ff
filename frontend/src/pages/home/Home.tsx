import type { User } from '../../api/answers.ts'
import { ActButton } from '../../components/ActButton.tsx'
import { FailureNote } from '../../components/FailureNote.tsx'
import { Heading } from '../../components/Heading.tsx'
import { Page } from '../../components/Page.tsx'
import { useAct } from '../../components/useAct.ts'
import { useServices } from '../../services.ts'
import { useTexts } from '../../texts/language.tsx'
import { Notes } from './Notes.tsx'
import { ProfileCard } from './ProfileCard.tsx'

export function Home({ user }: { user: User }) {
  const { home: texts } = useTexts()
  const { api, session } = useServices()
  const signOut = useAct(async () => {
    await api.signOut()
    session.leave()
  })

  return (
    <Page layout="wide" bar={<ActButton act={signOut} text={texts.signOut} busy={texts.signingOut} />}>
      {signOut.progress.kind === 'failed' && (
        <FailureNote what={texts.signOutFailed} failure={signOut.progress.failure} />
      )}
      <Heading title={texts.title}>{texts.greeting(user.name)}</Heading>
      <ProfileCard />
      <Notes user={user} />
    </Page>
  )
}
