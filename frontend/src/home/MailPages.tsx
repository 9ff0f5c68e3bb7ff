import type { ComponentType } from 'react'
import { Route, Switch } from 'wouter'
import { ChangeEmail } from '../confirm/ChangeEmail.tsx'
import { DeleteAccount } from '../confirm/DeleteAccount.tsx'
import { VerifyEmail } from '../confirm/VerifyEmail.tsx'
import { ForgotPassword } from '../password/ForgotPassword.tsx'
import { ResetPassword } from '../password/ResetPassword.tsx'
import { type MailPath, paths } from '../paths.ts'
import { MailedSignIn } from '../sign-in/by-mail/MailedSignIn.tsx'
import { SignInLink } from '../sign-in/by-mail/SignInLink.tsx'
import { GuestOnly } from '../sign-in/guards.tsx'

/** All pages that ask for a mail, or that one leads to; whoever opens one often opens another. Most are for anybody, signed in or not. */
const PAGES: Readonly<Record<MailPath, ComponentType>> = {
  [paths.forgotPassword]: ForgotPassword,
  [paths.resetPassword]: ResetPassword,
  [paths.verifyEmail]: VerifyEmail,
  [paths.changeEmail]: ChangeEmail,
  [paths.deleteAccount]: DeleteAccount,
  [paths.signInLink]: SignInLink,
  [paths.signInByMail]: () => (
    <GuestOnly>
      <MailedSignIn />
    </GuestOnly>
  ),
}

export function MailPages() {
  return (
    <Switch>
      {Object.entries(PAGES).map(([path, page]) => (
        <Route key={path} path={path} component={page} />
      ))}
    </Switch>
  )
}
