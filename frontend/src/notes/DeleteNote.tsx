import { Dialog } from '../components/Dialog.tsx'
import { Form } from '../components/form/Form.tsx'
import { commonTexts } from '../components/texts.ts'
import { useAction } from '../components/useAction.ts'
import { useTexts } from '../texts/language.tsx'
import type { Note } from './calls.ts'
import { noteTexts } from './texts.ts'

interface Props {
  note: Note
  remove: (note: Note) => Promise<void>
  onCancel: () => void
}

/** A deleted note cannot be restored, so the user has to confirm. */
export function DeleteNote({ note, remove, onCancel }: Props) {
  const texts = useTexts(noteTexts)
  const { cancel } = useTexts(commonTexts)
  const submission = useAction((_form: FormData) => remove(note))
  const quote = (
    <blockquote dir="auto" className="note-text quote">
      {note.text}
    </blockquote>
  )
  return (
    <Dialog title={texts.deleteTitle} description={quote} initialFocus="keep-note" onCancel={onCancel}>
      <div className="destructive">
        <Form
          submission={submission}
          submit={texts.delete}
          busy={texts.deleting}
          aside={
            <button type="button" id="keep-note" className="button plain" onClick={onCancel}>
              {cancel}
            </button>
          }
        />
      </div>
    </Dialog>
  )
}
