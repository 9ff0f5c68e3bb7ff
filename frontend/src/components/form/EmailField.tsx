import { useTexts } from '../../texts/language.tsx'
import { TextField } from './TextField.tsx'
import { fieldTexts } from './texts.ts'

/**
 * The email as password managers know it: the account's name.
 *
 * @param fixed the email of the one account that the form is for, if there is only one
 */
export function EmailField({ fixed }: { fixed?: string }) {
  return (
    <TextField
      name="email"
      label={useTexts(fieldTexts).email}
      type="email"
      inputMode="email"
      autoComplete="username"
      autoCapitalize="none"
      spellCheck={false}
      {...(fixed && { value: fixed, readOnly: true })}
    />
  )
}
