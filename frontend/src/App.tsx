import { lazy, Suspense } from 'react'
import { Route, Switch } from 'wouter'
import { AccountPlaceholder } from './account/AccountPlaceholder.tsx'
import { ChangeEmail } from './confirm/ChangeEmail.tsx'
import { DeleteAccount } from './confirm/DeleteAccount.tsx'
import { VerifyEmail } from './confirm/VerifyEmail.tsx'
import { Home } from './home/Home.tsx'
import { HomePlaceholder } from './home/HomePlaceholder.tsx'
import { NotFound } from './home/NotFound.tsx'
import { ForgotPassword } from './password/ForgotPassword.tsx'
import { ResetPassword } from './password/ResetPassword.tsx'
import { paths } from './paths.ts'
import { MailedSignIn } from './sign-in/by-mail/MailedSignIn.tsx'
import { SignInLink } from './sign-in/by-mail/SignInLink.tsx'
import { Anybody, GuestOnly, SignedInOnly } from './sign-in/guards.tsx'
import { SignIn } from './sign-in/SignIn.tsx'
import { SignUp } from './sign-up/SignUp.tsx'

/** Loaded when it is opened: it is as large as all other pages together. */
const Account = lazy(async () => ({ default: (await import('./account/Account.tsx')).Account }))

/** Start here: every page, and who may see it. */
export function App() {
  return (
    <Switch>
      <Route path={paths.home}>
        {/* The key: another user gets a new page, with nothing of the page before. */}
        <SignedInOnly placeholder={<HomePlaceholder />}>{(user) => <Home key={user.id} user={user} />}</SignedInOnly>
      </Route>
      <Route path={paths.account}>
        <SignedInOnly placeholder={<AccountPlaceholder />}>
          {(user) => (
            <Suspense fallback={<AccountPlaceholder />}>
              <Account key={user.id} user={user} />
            </Suspense>
          )}
        </SignedInOnly>
      </Route>
      <Route path={paths.signIn}>
        <GuestOnly>
          <SignIn />
        </GuestOnly>
      </Route>
      <Route path={paths.signUp}>
        <GuestOnly>
          <SignUp />
        </GuestOnly>
      </Route>
      <Route path={paths.signInByMail}>
        <GuestOnly>
          <MailedSignIn />
        </GuestOnly>
      </Route>
      <Route path={paths.forgotPassword} component={ForgotPassword} />
      <Route path={paths.resetPassword} component={ResetPassword} />
      <Route path={paths.changeEmail} component={ChangeEmail} />
      <Route path={paths.signInLink}>
        <Anybody>
          <SignInLink />
        </Anybody>
      </Route>
      <Route path={paths.verifyEmail}>
        <Anybody>
          <VerifyEmail />
        </Anybody>
      </Route>
      <Route path={paths.deleteAccount}>
        <Anybody>
          <DeleteAccount />
        </Anybody>
      </Route>
      <Route>
        <NotFound />
      </Route>
    </Switch>
  )
}
