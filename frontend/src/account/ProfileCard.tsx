import { useCallback, useId } from 'react'
import { Avatar } from '../components/Avatar.tsx'
import { ErrorNote } from '../components/ErrorNote.tsx'
import { useLoad } from '../components/useLoad.ts'
import { useServices } from '../services.ts'
import type { User } from '../session/user.ts'
import { useLanguage, useTexts } from '../texts/language.tsx'
import { fetchProfile, type Profile } from './calls.ts'
import { profileTexts } from './texts.ts'
import './profile.css'

/** What the backend knows about the user. */
export function ProfileCard({ user }: { user: User }) {
  const texts = useTexts(profileTexts)
  const { backend } = useServices()
  const { loaded, retry } = useLoad(
    useCallback(() => fetchProfile(backend), [backend]),
    texts.loaded,
  )
  const titleId = useId()

  return (
    <section className="card" aria-labelledby={titleId} aria-busy={loaded.kind === 'loading'}>
      <h2 id={titleId} tabIndex={-1} className="unseen">
        {texts.title}
      </h2>
      {loaded.kind === 'loading' && <ProfilePlaceholder user={user} />}
      {loaded.kind === 'failed' && (
        <ErrorNote
          what={texts.notLoaded}
          error={loaded.error}
          retry={{ isRetrying: loaded.isRetrying, onRetry: retry }}
        />
      )}
      {loaded.kind === 'ready' && <ProfileFacts profile={loaded.value} />}
    </section>
  )
}

/** Where there is no backend: what the auth server knows. */
export function SessionProfile({ user }: { user: User }) {
  const texts = useTexts(profileTexts)
  return (
    <section className="card" aria-label={texts.title}>
      <ProfileFacts profile={user} />
    </section>
  )
}

type Facts = Pick<Profile, 'name' | 'email'> & Partial<Pick<Profile, 'createdAt'>>

function ProfileFacts({ profile }: { profile: Facts }) {
  const { locale } = useLanguage()
  const texts = useTexts(profileTexts)
  const { createdAt } = profile
  return (
    <div className="profile">
      <Avatar name={profile.name} />
      <div className="profile-facts">
        <p className="profile-name">
          <bdi>{profile.name}</bdi>
        </p>
        <p className="quiet">
          <bdi>{profile.email}</bdi>
        </p>
      </div>
      {createdAt && (
        <p className="quiet profile-since">
          <time dateTime={createdAt.toISOString()}>
            {texts.since(new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(createdAt))}
          </time>
        </p>
      )}
    </div>
  )
}

/** As tall as the facts, because it has their text, unseen. */
export function ProfilePlaceholder({ user: { name, email } }: { user: Pick<User, 'name' | 'email'> }) {
  return (
    <div className="placeholder" aria-hidden="true">
      <ProfileFacts profile={{ name, email, createdAt: new Date() }} />
    </div>
  )
}
