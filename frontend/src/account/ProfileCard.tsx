import { useCallback, useId } from 'react'
import { Avatar } from '../components/Avatar.tsx'
import { ErrorNote } from '../components/ErrorNote.tsx'
import { useLoad } from '../components/useLoad.ts'
import { useServices } from '../services.ts'
import { useLanguage, useTexts } from '../texts/language.tsx'
import { fetchProfile, type Profile } from './calls.ts'
import { profileTexts } from './texts.ts'
import './profile.css'

/** What the backend knows about the user. */
export function ProfileCard() {
  const texts = useTexts(profileTexts)
  const { backend } = useServices()
  const [loaded, setLoaded] = useLoad(useCallback(() => fetchProfile(backend), [backend]))
  const titleId = useId()

  return (
    <section className="card" aria-labelledby={titleId} aria-busy={loaded.kind === 'loading'}>
      <h2 id={titleId} className="unseen">
        {texts.title}
      </h2>
      {loaded.kind === 'loading' && <ProfilePlaceholder />}
      {loaded.kind === 'failed' && (
        <ErrorNote what={texts.notLoaded} error={loaded.error} onRetry={() => setLoaded({ kind: 'loading' })} />
      )}
      {loaded.kind === 'ready' && <ProfileFacts profile={loaded.value} />}
    </section>
  )
}

function ProfileFacts({ profile }: { profile: Profile }) {
  const { locale } = useLanguage()
  const texts = useTexts(profileTexts)
  const since = new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(profile.createdAt)
  return (
    <div className="profile">
      <Avatar name={profile.name} />
      <div className="profile-facts">
        <p className="profile-name">{profile.name}</p>
        <p className="quiet">{profile.email}</p>
      </div>
      <p className="quiet profile-since">
        <time dateTime={profile.createdAt.toISOString()}>{texts.since(since)}</time>
      </p>
    </div>
  )
}

function ProfilePlaceholder() {
  return (
    <div className="profile placeholder" aria-hidden="true">
      <Avatar />
      <div className="profile-facts">
        <p className="bar" />
        <p className="bar long" />
      </div>
    </div>
  )
}
