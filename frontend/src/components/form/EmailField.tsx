import { useTexts } from '../../texts/language.tsx'
import { TextField } from './TextField.tsx'
import { fieldTexts } from './texts.ts'

/**
 * The email as password managers know it: the account's name.
 *
 * @param fixed the email of the one account that the form is for, if there is only one
 * @param hasPasskeys the browser offers them here too
 */
export function EmailField({ fixed, hasPasskeys = false }: { fixed?: string; hasPasskeys?: boolean }) {
  return (
    <TextField
      name="email"
      label={useTexts(fieldTexts).email}
      type="email"
      inputMode="email"
      autoComplete={hasPasskeys ? 'username webauthn' : 'username'}
      autoCapitalize="none"
      spellCheck={false}
      {...(fixed && { value: fixed, readOnly: true })}
    />
  )
}
