import { useState } from 'react'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { Dialog } from '../../components/Dialog.tsx'
import { Field } from '../../components/form/Field.tsx'
import { Form } from '../../components/form/Form.tsx'
import { commonTexts } from '../../components/texts.ts'
import { useAction } from '../../components/useAction.ts'
import { useServices } from '../../services.ts'
import { useLanguage, useTexts } from '../../texts/language.tsx'
import { NAME_FIELD, type Passkey, readName, refusals, removePasskey, renamePasskey } from './calls.ts'
import { passkeyTexts } from './texts.ts'

interface Props {
  passkey: Passkey
  onChanged: (said: string) => Promise<void>
}

export function PasskeyItem({ passkey, onChanged }: Props) {
  const texts = useTexts(passkeyTexts)
  const { locale } = useLanguage()
  const [open, setOpen] = useState<'rename' | 'remove' | null>(null)
  const name = passkey.name ?? texts.unnamed
  const date = (value: Date) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(value)
  const close = () => setOpen(null)
  const dialog = { passkey, name, onClose: close, onChanged }

  return (
    <li>
      <div className="passkey-facts">
        <p>
          <bdi>{name}</bdi>
        </p>
        <p className="quiet">
          {texts.created(date(passkey.createdAt))}
          {passkey.lastUsedAt && ` · ${texts.used(date(passkey.lastUsedAt))}`}
        </p>
      </div>
      <div className="actions">
        <button
          type="button"
          className="button plain"
          aria-label={texts.renameThis(name)}
          onClick={() => setOpen('rename')}
        >
          {texts.rename}
        </button>
        <button
          type="button"
          className="button plain"
          aria-label={texts.removeThis(name)}
          onClick={() => setOpen('remove')}
        >
          {texts.remove}
        </button>
      </div>
      {open === 'rename' && <RenameDialog {...dialog} />}
      {open === 'remove' && <RemoveDialog {...dialog} />}
    </li>
  )
}

type DialogProps = Props & { name: string; onClose: () => void }

function RenameDialog({ passkey, name, onClose, onChanged }: DialogProps) {
  const texts = useTexts(passkeyTexts)
  const { auth } = useServices()
  const submission = useAction(async (form: FormData) => {
    await renamePasskey(auth, passkey.id, readName(form))
    onClose()
    await onChanged(texts.renamed)
  }, refusals)
  return (
    <Dialog title={texts.rename} description={null} initialFocus={NAME_FIELD} onCancel={onClose}>
      <Form submission={submission} submit={texts.save} busy={texts.saving} aside={<CancelButton onCancel={onClose} />}>
        <Field name={NAME_FIELD} label={texts.name}>
          {(described) => (
            <input
              {...described}
              id={NAME_FIELD}
              name={NAME_FIELD}
              dir="auto"
              className="input"
              defaultValue={name}
              autoComplete="off"
            />
          )}
        </Field>
      </Form>
    </Dialog>
  )
}

function RemoveDialog({ passkey, name, onClose, onChanged }: DialogProps) {
  const texts = useTexts(passkeyTexts)
  const { auth } = useServices()
  async function remove(): Promise<void> {
    await removePasskey(auth, passkey.id)
    onClose()
    await onChanged(texts.removed)
  }
  return (
    <ConfirmDialog
      title={texts.removeTitle}
      description={<p>{texts.removeReason(name)}</p>}
      confirm={texts.remove}
      busy={texts.removing}
      act={remove}
      refusals={refusals}
      onCancel={onClose}
    />
  )
}

function CancelButton({ onCancel }: { onCancel: () => void }) {
  return (
    <button type="button" className="button plain" onClick={onCancel}>
      {useTexts(commonTexts).cancel}
    </button>
  )
}
