import { useState } from 'react'
import { Field } from '../components/form/Field.tsx'
import { Form } from '../components/form/Form.tsx'
import { useAction } from '../components/useAction.ts'
import { useServices } from '../services.ts'
import type { User } from '../session/user.ts'
import { useTexts } from '../texts/language.tsx'
import { noteTexts } from './texts.ts'

interface Props {
  /** Whose note it becomes. */
  user: User
  add: (text: string) => Promise<void>
}

export function NoteForm({ user, add }: Props) {
  const texts = useTexts(noteTexts)
  const { drafts } = useServices()
  const [text, setText] = useState(drafts.get(user.id) ?? '')
  const submission = useAction(async (_form: FormData) => {
    await add(text)
    // Not if the user has typed something else meanwhile.
    if (drafts.get(user.id) === text) write('')
  })

  function write(draft: string): void {
    setText(draft)
    drafts.set(user.id, draft)
  }

  return (
    <Form submission={submission} submit={texts.add} busy={texts.adding}>
      <Field name="text" label={texts.new}>
        {(described) => (
          <textarea
            {...described}
            id="text"
            name="text"
            rows={2}
            dir="auto"
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
