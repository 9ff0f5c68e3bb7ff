import { Dialog } from '../../components/Dialog.tsx'
import { Field } from '../../components/form/Field.tsx'
import { Form } from '../../components/form/Form.tsx'
import { commonTexts } from '../../components/texts.ts'
import { useAction } from '../../components/useAction.ts'
import { useTexts } from '../../texts/language.tsx'
import { connectionTexts } from '../texts.ts'
import { KEY_FIELD, readKey, refusals, type Service } from './calls.ts'
import { serviceTexts } from './texts.ts'

interface Props {
  service: Service
  connect: (key: string) => Promise<void>
  onCancel: () => void
}

/** The user pastes a key that the service has given them. */
export function KeyDialog({ service: { name, helpUrl }, connect, onCancel }: Props) {
  const texts = useTexts(serviceTexts)
  const shared = useTexts(connectionTexts)
  const { cancel } = useTexts(commonTexts)
  const submission = useAction((form: FormData) => connect(readKey(form)), refusals)
  return (
    <Dialog
      title={texts.keyTitle(name)}
      description={
        helpUrl !== null && (
          <p>
            <a href={helpUrl} target="_blank" rel="noreferrer">
              {texts.keyHelp(name)} {texts.newWindow}
            </a>
          </p>
        )
      }
      initialFocus={KEY_FIELD}
      onCancel={onCancel}
    >
      <Form
        submission={submission}
        submit={shared.connect}
        busy={texts.checking}
        aside={
          <button type="button" className="button plain" onClick={onCancel}>
            {cancel}
          </button>
        }
      >
        <Field name={KEY_FIELD} label={texts.key} hint={texts.keyReason}>
          {(described) => (
            // No password of this site: a password manager would offer to keep it, and to fill it in.
            <input
              {...described}
              id={KEY_FIELD}
              name={KEY_FIELD}
              type="text"
              className="input service-key"
              autoComplete="off"
              autoCapitalize="none"
              autoCorrect="off"
              spellCheck={false}
            />
          )}
        </Field>
      </Form>
    </Dialog>
  )
}
