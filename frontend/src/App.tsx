import { lazy, Suspense } from 'react'
import { Route, Switch } from 'wouter'
import { AccountPlaceholder } from './account/AccountPlaceholder.tsx'
import { Home } from './home/Home.tsx'
import { HomePlaceholder } from './home/HomePlaceholder.tsx'
import { NotFound } from './home/NotFound.tsx'
import { MAIL_PATHS, paths } from './paths.ts'
import { GuestOnly, Loading, SignedInOnly } from './sign-in/guards.tsx'
import { SignIn } from './sign-in/SignIn.tsx'
import { SignUp } from './sign-up/SignUp.tsx'

/** Loaded when it is opened: it is as large as all other pages together. */
const Account = lazy(async () => ({ default: (await import('./account/Account.tsx')).Account }))

/** Loaded when one of them is opened. */
const MailPages = lazy(async () => ({ default: (await import('./home/MailPages.tsx')).MailPages }))

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
      {MAIL_PATHS.map((path) => (
        <Route key={path} path={path}>
          <Suspense fallback={<Loading />}>
            <MailPages />
          </Suspense>
        </Route>
      ))}
      <Route>
        <NotFound />
      </Route>
    </Switch>
  )
}
