import { useTexts } from '../../texts/language.tsx'
import { Field } from './Field.tsx'
import { fieldTexts } from './texts.ts'

interface Props {
  /** Of an authenticator app, of the list that was saved when it was set up, or of a mail. */
  kind: 'totp' | 'backup-code' | 'mail'
  hint?: string
}

/** One field, so that a code can be pasted, and filled in by the browser. It is remembered nowhere. */
export function CodeField({ kind, hint }: Props) {
  const texts = useTexts(fieldTexts)
  const isBackupCode = kind === 'backup-code'
  const labels = { totp: texts.code, 'backup-code': texts.backupCode, mail: texts.mailedCode }
  return (
    <Field name="code" label={labels[kind]} hint={hint}>
      {(described) => (
        <input
          {...described}
          key={kind}
          id="code"
          name="code"
          dir="ltr"
          className="input code"
          inputMode={isBackupCode ? 'text' : 'numeric'}
          autoComplete={isBackupCode ? 'off' : 'one-time-code'}
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
        />
      )}
    </Field>
  )
}
