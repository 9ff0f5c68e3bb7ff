import { useRef } from 'react'
import { ActionButton } from '../components/ActionButton.tsx'
import { announce } from '../components/announcer.ts'
import { ErrorNote } from '../components/ErrorNote.tsx'
import { useAction } from '../components/useAction.ts'
import { useLanguage, useTexts } from '../texts/language.tsx'
import type { Note, NotePage } from './calls.ts'
import { noteTexts } from './texts.ts'

interface Props {
  page: NotePage
  onDelete: (note: Note) => void
  loadMore: (cursor: string) => Promise<NotePage>
}

export function NoteList({ page, onDelete, loadMore }: Props) {
  const texts = useTexts(noteTexts)
  const list = useRef<HTMLUListElement>(null)
  const more = useAction(async () => {
    if (!page.nextCursor) return
    const shown = list.current?.children.length ?? 0
    const { notes, nextCursor } = await loadMore(page.nextCursor)
    // The button may be gone; its place is taken by the first of the notes that came.
    const first = list.current?.children[shown] ?? list.current?.lastElementChild
    if (first instanceof HTMLElement) first.focus()
    announce([texts.loadedMore(notes.length), nextCursor ? '' : texts.noMore].join(' ').trim())
  })

  if (page.notes.length === 0 && !page.nextCursor) return <NoNotes />
  return (
    <>
      <ul ref={list} className="note-list">
        {page.notes.map((note) => (
          <NoteItem key={note.id} note={note} onDelete={onDelete} />
        ))}
      </ul>
      {more.progress.kind === 'failed' && <ErrorNote what={texts.notLoaded} error={more.progress.error} />}
      {page.nextCursor && <ActionButton action={more} text={texts.more} busy={texts.loadingMore} />}
    </>
  )
}

function NoteItem({ note, onDelete }: { note: Note; onDelete: (note: Note) => void }) {
  const { locale } = useLanguage()
  const texts = useTexts(noteTexts)
  const time = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(note.createdAt)
  return (
    <li className="note" tabIndex={-1}>
      <p dir="auto" className="note-text">
        {note.text}
      </p>
      <time dateTime={note.createdAt.toISOString()} className="quiet">
        {time}
      </time>
      <button
        type="button"
        className="button bare"
        aria-label={texts.deleteThis(shorten(note.text))}
        onClick={() => onDelete(note)}
      >
        {texts.delete}
      </button>
    </li>
  )
}

/** Enough for a screen reader's user to recognise the note. */
function shorten(text: string): string {
  const letters = Array.from(text)
  return letters.length > 60 ? `${letters.slice(0, 60).join('')}…` : text
}

function NoNotes() {
  const texts = useTexts(noteTexts)
  return (
    <div className="no-notes">
      <p>{texts.empty}</p>
      <p className="quiet">{texts.emptyHint}</p>
    </div>
  )
}
