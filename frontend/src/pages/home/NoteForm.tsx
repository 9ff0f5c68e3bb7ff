import { useState } from 'react'
import type { User } from '../../api/answers.ts'
import { Field } from '../../components/form/Field.tsx'
import { Form } from '../../components/form/Form.tsx'
import { InvalidForm } from '../../components/form/failure.ts'
import { NOTE_MAX } from '../../components/form/limits.ts'
import { useAct } from '../../components/useAct.ts'
import { useServices } from '../../services.ts'
import { useTexts } from '../../texts/language.tsx'

interface Props {
  /** Whose note it becomes. */
  user: User
  add: (text: string) => Promise<void>
}

export function NoteForm({ user, add }: Props) {
  const { notes: texts } = useTexts()
  const { drafts } = useServices()
  const [text, setText] = useState(drafts.get(user.id) ?? '')
  const submission = useAct(async (_form: FormData) => {
    await add(readNote(text))
    // Only what was saved: somebody may have typed on meanwhile.
    if (drafts.get(user.id) === text) write('')
  })

  function write(draft: string): void {
    setText(draft)
    drafts.set(user.id, draft)
  }

  return (
    <Form submission={submission} act={texts.add} busy={texts.adding}>
      <Field name="text" label={texts.new}>
        {(described) => (
          <textarea
            {...described}
            id="text"
            name="text"
            rows={2}
            className="input"
            placeholder={texts.placeholder}
            value={text}
            onChange={(event) => write(event.target.value)}
          />
        )}
      </Field>
    </Form>
  )
}

/** Throws InvalidForm. */
function readNote(text: string): string {
  const note = text.trim()
  if (note === '') throw new InvalidForm([{ field: 'text', text: 'noteMissing' }])
  if ([...note].length > NOTE_MAX) throw new InvalidForm([{ field: 'text', text: 'noteLong' }])
  return note
}
