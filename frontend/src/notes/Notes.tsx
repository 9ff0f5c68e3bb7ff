import { useId, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { announce } from '../components/announcer.ts'
import { ErrorNote } from '../components/ErrorNote.tsx'
import type { User } from '../session/user.ts'
import { useTexts } from '../texts/language.tsx'
import type { Note } from './calls.ts'
import { DeleteNote } from './DeleteNote.tsx'
import { NoteForm } from './NoteForm.tsx'
import { NoteList } from './NoteList.tsx'
import { NotesPlaceholder } from './NotesPlaceholder.tsx'
import { noteTexts } from './texts.ts'
import { useNotes } from './useNotes.ts'
import './notes.css'

export function Notes({ user }: { user: User }) {
  const texts = useTexts(noteTexts)
  const { loaded, retry, add, remove, loadMore } = useNotes(texts.loaded)
  const [toDelete, setToDelete] = useState<Note | null>(null)
  const title = useRef<HTMLHeadingElement>(null)
  const titleId = useId()

  async function addNote(text: string): Promise<void> {
    await add(text)
    announce(texts.added)
  }

  async function removeNote(note: Note): Promise<void> {
    await remove(note.id)
    flushSync(() => setToDelete(null))
    // The button that opened the dialog, and would get the focus, is gone with its note.
    title.current?.focus()
    announce(texts.deleted)
  }

  return (
    <section className="card notes" aria-labelledby={titleId} aria-busy={loaded.kind === 'loading'}>
      <h2 id={titleId} ref={title} tabIndex={-1}>
        {texts.title}
      </h2>
      <NoteForm user={user} add={addNote} />
      {loaded.kind === 'loading' && <NotesPlaceholder />}
      {loaded.kind === 'failed' && (
        <ErrorNote
          what={texts.notLoaded}
          error={loaded.error}
          retry={{ isRetrying: loaded.isRetrying, onRetry: retry }}
        />
      )}
      {loaded.kind === 'ready' && <NoteList page={loaded.value} onDelete={setToDelete} loadMore={loadMore} />}
      {toDelete && <DeleteNote note={toDelete} remove={removeNote} onCancel={() => setToDelete(null)} />}
    </section>
  )
}
