import { useRef } from 'react'
import { ActionButton } from '../../components/ActionButton.tsx'
import { announce } from '../../components/announcer.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { useAction } from '../../components/useAction.ts'
import { useFeatures } from '../../services.ts'
import { useLanguage, useTexts } from '../../texts/language.tsx'
import { relativeTime } from '../../texts/relative-time.ts'
import { deviceName } from '../device.ts'
import { deviceTexts } from '../texts.ts'
import type { ActivityEvent, ActivityPage } from './calls.ts'
import { eventTitle } from './event-title.tsx'
import { activityTexts, eventTexts } from './texts.ts'

interface Props {
  page: ActivityPage
  loadMore: (cursor: string) => Promise<ActivityPage>
}

export function ActivityList({ page, loadMore }: Props) {
  const texts = useTexts(activityTexts)
  const list = useRef<HTMLUListElement>(null)
  const more = useAction(async () => {
    if (!page.nextCursor) return
    const shown = list.current?.children.length ?? 0
    const { events, nextCursor } = await loadMore(page.nextCursor)
    // The button may be gone; its place is taken by the first of those that came.
    const first = list.current?.children[shown] ?? list.current?.lastElementChild
    if (first instanceof HTMLElement) first.focus()
    announce([texts.loadedMore(events.length), nextCursor ? '' : texts.noMore].join(' ').trim())
  })

  if (page.events.length === 0) return <p className="quiet">{texts.none}</p>
  return (
    <>
      <ul ref={list} className="activity">
        {page.events.map((event) => (
          <EventItem key={event.id} event={event} />
        ))}
      </ul>
      {more.progress.kind === 'failed' && <ErrorNote what={texts.notLoaded} error={more.progress.error} />}
      {page.nextCursor && (
        <div className="actions">
          <ActionButton action={more} text={texts.more} busy={texts.loadingMore} />
        </div>
      )}
    </>
  )
}

function EventItem({ event }: { event: ActivityEvent }) {
  const texts = useTexts(activityTexts)
  const names = useTexts(deviceTexts)
  const features = useFeatures()
  const { providers, connectedServices: services } = features ?? { providers: [], connectedServices: [] }
  const title = eventTitle(event, { texts: useTexts(eventTexts), names, providers, services })
  const { locale } = useLanguage()
  const time = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(event.createdAt)
  return (
    <li className="event" tabIndex={-1}>
      <p className="event-title">
        <span>{title}</span>
        {event.isThisSession && <span className="badge good">{texts.thisDevice}</span>}
      </p>
      <p className="quiet">
        {event.byAdministrator ? texts.byAdministrator : <bdi>{deviceName(event, names)}</bdi>}
        {event.ipAddress && (
          <>
            {' · '}
            <bdi>{event.ipAddress}</bdi>
          </>
        )}
      </p>
      <p className="quiet event-time">
        <time dateTime={event.createdAt.toISOString()} title={time}>
          {relativeTime(event.createdAt, new Date(), locale)}
        </time>
      </p>
    </li>
  )
}
