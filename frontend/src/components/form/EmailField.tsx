import { useTexts } from '../../texts/language.tsx'
import { TextField } from './TextField.tsx'

/**
 * The e-mail as password managers know it: the account's name.
 *
 * @param fixed whose account it is, where that is not open
 */
export function EmailField({ fixed }: { fixed?: string }) {
  return (
    <TextField
      name="email"
      label={useTexts().fields.email}
      type="email"
      inputMode="email"
      autoComplete="username"
      autoCapitalize="none"
      spellCheck={false}
      {...(fixed && { value: fixed, readOnly: true })}
    />
  )
}
