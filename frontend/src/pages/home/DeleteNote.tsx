import type { Note } from '../../api/answers.ts'
import { Dialog } from '../../components/Dialog.tsx'
import { Form } from '../../components/form/Form.tsx'
import { useAct } from '../../components/useAct.ts'
import { useTexts } from '../../texts/language.tsx'

interface Props {
  note: Note
  remove: (note: Note) => Promise<void>
  onCancel: () => void
}

/** A deleted note cannot be brought back, so it is asked for twice. */
export function DeleteNote({ note, remove, onCancel }: Props) {
  const { notes: texts, common } = useTexts()
  const submission = useAct((_form: FormData) => remove(note))
  return (
    <Dialog title={texts.deleteTitle} initialFocus="keep-note" onCancel={onCancel}>
      <blockquote className="note-text quote">{note.text}</blockquote>
      <div className="destructive">
        <Form
          submission={submission}
          act={texts.delete}
          busy={texts.deleting}
          aside={
            <button type="button" id="keep-note" className="button plain" onClick={onCancel}>
              {common.cancel}
            </button>
          }
        />
      </div>
    </Dialog>
  )
}
