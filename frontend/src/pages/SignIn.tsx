import { Link, useSearch } from 'wouter'
import { EmailField } from '../components/form/EmailField.tsx'
import { Form } from '../components/form/Form.tsx'
import { PasswordField } from '../components/form/PasswordField.tsx'
import { Heading } from '../components/Heading.tsx'
import { Page } from '../components/Page.tsx'
import { useAct } from '../components/useAct.ts'
import { paths, withSearch } from '../paths.ts'
import { useServices } from '../services.ts'
import { useTexts } from '../texts/language.tsx'
import { readSignIn } from './credentials.ts'

/** The guard around this page leads on, once there is a session. */
export function SignIn() {
  const { signIn: texts } = useTexts()
  const search = useSearch()
  const { api, session } = useServices()
  const submission = useAct(async (form: FormData) => {
    const { email, password } = readSignIn(form)
    await api.signIn(email, password)
    await session.begin()
  })

  return (
    <Page layout="card">
      <Heading>{texts.title}</Heading>
      <Form submission={submission} act={texts.act} busy={texts.busy}>
        <EmailField />
        <PasswordField autoComplete="current-password" />
      </Form>
      <p className="other-way">
        {texts.noAccount} <Link href={withSearch(paths.signUp, search)}>{texts.toSignUp}</Link>
      </p>
    </Page>
  )
}
