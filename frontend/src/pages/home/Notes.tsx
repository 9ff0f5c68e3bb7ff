import { useId, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import type { Note, User } from '../../api/answers.ts'
import { FailureNote } from '../../components/FailureNote.tsx'
import { useTexts } from '../../texts/language.tsx'
import { DeleteNote } from './DeleteNote.tsx'
import { NoteForm } from './NoteForm.tsx'
import { NoteList } from './NoteList.tsx'
import { useNotes } from './useNotes.ts'

export function Notes({ user }: { user: User }) {
  const { notes: texts } = useTexts()
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
    // The dialog is closed by now, and the button that led to it is gone with its note.
    title.current?.focus()
  }

  return (
    <section className="card notes" aria-labelledby={titleId} aria-busy={loaded.kind === 'loading'}>
      <h2 id={titleId} ref={title} tabIndex={-1}>
        {texts.title}
      </h2>
      <NoteForm user={user} add={addNote} />
      {loaded.kind === 'loading' && <NotesPlaceholder />}
      {loaded.kind === 'failed' && <FailureNote what={texts.failed} failure={loaded.failure} onRetry={reload} />}
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
