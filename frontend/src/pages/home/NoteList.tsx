import type { Note, NotePage } from '../../api/answers.ts'
import { ActButton } from '../../components/ActButton.tsx'
import { FailureNote } from '../../components/FailureNote.tsx'
import { useAct } from '../../components/useAct.ts'
import { useLanguage, useTexts } from '../../texts/language.tsx'

interface Props {
  page: NotePage
  onDelete: (note: Note) => void
  loadMore: (cursor: string) => Promise<void>
}

export function NoteList({ page, onDelete, loadMore }: Props) {
  const { notes: texts } = useTexts()
  const more = useAct(async () => {
    if (page.nextCursor) await loadMore(page.nextCursor)
  })

  if (page.notes.length === 0 && !page.nextCursor) return <NoNotes />
  return (
    <>
      <ul className="note-list">
        {page.notes.map((note) => (
          <NoteItem key={note.id} note={note} onDelete={onDelete} />
        ))}
      </ul>
      {more.progress.kind === 'failed' && <FailureNote what={texts.failed} failure={more.progress.failure} />}
      {page.nextCursor && <ActButton act={more} text={texts.more} busy={texts.loadingMore} />}
    </>
  )
}

function NoteItem({ note, onDelete }: { note: Note; onDelete: (note: Note) => void }) {
  const { locale, texts } = useLanguage()
  const time = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(note.createdAt)
  return (
    <li className="note">
      <p className="note-text">{note.text}</p>
      <time dateTime={note.createdAt.toISOString()} className="quiet">
        {time}
      </time>
      <button
        type="button"
        className="button bare"
        aria-label={texts.notes.deleteThis(shorten(note.text))}
        onClick={() => onDelete(note)}
      >
        {texts.notes.delete}
      </button>
    </li>
  )
}

/** Enough to tell a note by when it is read out. */
function shorten(text: string): string {
  const letters = Array.from(text)
  return letters.length > 60 ? `${letters.slice(0, 60).join('')}…` : text
}

function NoNotes() {
  const { notes: texts } = useTexts()
  return (
    <div className="no-notes">
      <p>{texts.empty}</p>
      <p className="quiet">{texts.emptyHint}</p>
    </div>
  )
}
