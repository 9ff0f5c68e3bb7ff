import { Link, useSearch } from 'wouter'
import { EmailField } from '../components/form/EmailField.tsx'
import { Form } from '../components/form/Form.tsx'
import { PasswordField } from '../components/form/PasswordField.tsx'
import { TextField } from '../components/form/TextField.tsx'
import { Heading } from '../components/Heading.tsx'
import { Page } from '../components/Page.tsx'
import { useAct } from '../components/useAct.ts'
import { paths, withSearch } from '../paths.ts'
import { useServices } from '../services.ts'
import { useTexts } from '../texts/language.tsx'
import { readSignUp } from './credentials.ts'

/** The guard around this page leads on, once there is a session. */
export function SignUp() {
  const { signUp: texts, fields } = useTexts()
  const search = useSearch()
  const { api, session } = useServices()
  const submission = useAct(async (form: FormData) => {
    const { name, email, password } = readSignUp(form)
    await api.signUp(name, email, password)
    await session.begin()
  })

  return (
    <Page layout="card">
      <Heading>{texts.title}</Heading>
      <Form submission={submission} act={texts.act} busy={texts.busy}>
        <TextField name="name" label={fields.name} type="text" autoComplete="name" autoCapitalize="words" />
        <EmailField />
        <PasswordField autoComplete="new-password" hint={fields.passwordHint} />
      </Form>
      <p className="other-way">
        {texts.hasAccount} <Link href={withSearch(paths.signIn, search)}>{texts.toSignIn}</Link>
      </p>
    </Page>
  )
}
