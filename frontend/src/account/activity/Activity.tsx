import { useCallback } from 'react'
import { flushSync } from 'react-dom'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { useLoad } from '../../components/useLoad.ts'
import { useServices } from '../../services.ts'
import { useTexts } from '../../texts/language.tsx'
import { AccountSection } from '../AccountSection.tsx'
import type { SectionProps } from '../sections.ts'
import { ActivityList } from './ActivityList.tsx'
import { ActivityPlaceholder } from './ActivityPlaceholder.tsx'
import { type ActivityPage, fetchActivity } from './calls.ts'
import { NotYou } from './NotYou.tsx'
import { activityTexts } from './texts.ts'
import './activity.css'

/** What happened to the account, newest first. */
export function Activity({ id, ids }: SectionProps) {
  const texts = useTexts(activityTexts)
  const { auth } = useServices()
  const { loaded, setLoaded, retry } = useLoad(
    useCallback(() => fetchActivity(auth, null), [auth]),
    texts.loaded,
  )

  /** What came is on the page when it returns. */
  async function loadMore(cursor: string): Promise<ActivityPage> {
    const next = await fetchActivity(auth, cursor)
    flushSync(() =>
      setLoaded((now) => {
        if (now.kind !== 'ready') return now
        return { kind: 'ready', value: { ...next, events: [...now.value.events, ...next.events] } }
      }),
    )
    return next
  }

  return (
    <AccountSection id={id} title={texts.title} hint={<NotYou ids={ids} />} isLoading={loaded.kind === 'loading'}>
      {loaded.kind === 'loading' && <ActivityPlaceholder />}
      {loaded.kind === 'failed' && (
        <ErrorNote
          what={texts.notLoaded}
          error={loaded.error}
          retry={{ isRetrying: loaded.isRetrying, onRetry: retry }}
        />
      )}
      {loaded.kind === 'ready' && <ActivityList page={loaded.value} loadMore={loadMore} />}
    </AccountSection>
  )
}
