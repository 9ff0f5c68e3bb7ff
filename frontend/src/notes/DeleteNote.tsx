import { ConfirmDialog } from '../components/ConfirmDialog.tsx'
import { useTexts } from '../texts/language.tsx'
import type { Note } from './calls.ts'
import { noteTexts } from './texts.ts'

interface Props {
  note: Note
  remove: (note: Note) => Promise<void>
  onCancel: () => void
}

/** A deleted note cannot be restored. */
export function DeleteNote({ note, remove, onCancel }: Props) {
  const texts = useTexts(noteTexts)
  const quote = (
    <blockquote dir="auto" className="note-text quote">
      {note.text}
    </blockquote>
  )
  return (
    <ConfirmDialog
      title={texts.deleteTitle}
      description={quote}
      confirm={texts.delete}
      busy={texts.deleting}
      act={() => remove(note)}
      onCancel={onCancel}
    />
  )
}
