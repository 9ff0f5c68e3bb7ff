import { Route, Switch } from 'wouter'
import { GuestOnly, SignedInOnly } from './pages/guards.tsx'
import { Home } from './pages/home/Home.tsx'
import { NotFound } from './pages/NotFound.tsx'
import { SignIn } from './pages/SignIn.tsx'
import { SignUp } from './pages/SignUp.tsx'
import { paths } from './paths.ts'

/** Start here: every page, and who may see it. */
export function App() {
  return (
    <Switch>
      <Route path={paths.home}>
        {/* One user's page never turns into another's: the key makes it a new one. */}
        <SignedInOnly>{(user) => <Home key={user.id} user={user} />}</SignedInOnly>
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
      <Route>
        <NotFound />
      </Route>
    </Switch>
  )
}
