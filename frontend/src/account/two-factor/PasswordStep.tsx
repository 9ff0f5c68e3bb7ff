import type { ReactNode } from 'react'
import { Form } from '../../components/form/Form.tsx'
import { PasswordField } from '../../components/form/PasswordField.tsx'
import { commonTexts } from '../../components/texts.ts'
import type { Action } from '../../components/useAction.ts'
import type { User } from '../../session/user.ts'
import { useTexts } from '../../texts/language.tsx'
import { PASSWORD_FIELD } from './calls.ts'

export interface StepProps {
  user: User
  hasPassword: boolean
  onCancel: () => void
}

interface Props extends StepProps {
  submission: Action<[FormData]>
  submit: string
  busy: string
  children?: ReactNode
}

/** The password again, and what else a change takes. */
export function PasswordStep({ user, hasPassword, onCancel, submission, submit, busy, children }: Props) {
  const { cancel } = useTexts(commonTexts)
  return (
    <Form
      submission={submission}
      submit={submit}
      busy={busy}
      aside={
        <button type="button" className="button plain" onClick={onCancel}>
          {cancel}
        </button>
      }
    >
      {hasPassword && (
        <>
          {/* For password managers: which account it is. */}
          <input type="email" name="email" autoComplete="username" value={user.email} readOnly hidden />
          <PasswordField name={PASSWORD_FIELD} autoComplete="current-password" />
        </>
      )}
      {children}
    </Form>
  )
}
