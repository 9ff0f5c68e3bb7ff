import { useId, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { ErrorNote } from '../components/ErrorNote.tsx'
import type { User } from '../session/user.ts'
import { useTexts } from '../texts/language.tsx'
import type { Note } from './calls.ts'
import { DeleteNote } from './DeleteNote.tsx'
import { NoteForm } from './NoteForm.tsx'
import { NoteList } from './NoteList.tsx'
import { noteTexts } from './texts.ts'
import { useNotes } from './useNotes.ts'
import './notes.css'

export function Notes({ user }: { user: User }) {
  const texts = useTexts(noteTexts)
  const { loaded, reload, add, remove, loadMore } = useNotes()
  const [toDelete, setToDelete] = useState<Note | null>(null)
  const [news, setNews] = useState('')
  const title = useRef<HTMLHeadingElement>(null)
  const titleId = useId()

  async function addNote(text: string): Promise<void> {
    await add(text)
    setNews(texts.added)
  }

  async function removeNote(note: Note): Promise<void> {
    await remove(note.id)
    flushSync(() => {
      setToDelete(null)
      setNews(texts.deleted)
    })
    // The button that opened the dialog, and would get the focus, is gone with its note.
    title.current?.focus()
  }

  return (
    <section className="card notes" aria-labelledby={titleId} aria-busy={loaded.kind === 'loading'}>
      <h2 id={titleId} ref={title} tabIndex={-1}>
        {texts.title}
      </h2>
      <NoteForm user={user} add={addNote} />
      {loaded.kind === 'loading' && <NotesPlaceholder />}
      {loaded.kind === 'failed' && <ErrorNote what={texts.notLoaded} error={loaded.error} onRetry={reload} />}
      {loaded.kind === 'ready' && <NoteList page={loaded.value} onDelete={setToDelete} loadMore={loadMore} />}
      {toDelete && <DeleteNote note={toDelete} remove={removeNote} onCancel={() => setToDelete(null)} />}
      <p role="status" className="unseen">
        {news}
      </p>
    </section>
  )
}

function NotesPlaceholder() {
  return (
    <div className="placeholder" aria-hidden="true">
      <p className="bar long" />
      <p className="bar" />
    </div>
  )
}
