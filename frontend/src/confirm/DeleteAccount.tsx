import { useState } from 'react'
import { Link } from 'wouter'
import { Form } from '../components/form/Form.tsx'
import { Heading } from '../components/Heading.tsx'
import { NoMailedLink } from '../components/NoMailedLink.tsx'
import { Page } from '../components/Page.tsx'
import { useAction } from '../components/useAction.ts'
import { useMailedLink } from '../components/useMailedLink.ts'
import { paths } from '../paths.ts'
import { useServices, useSession } from '../services.ts'
import { useTexts } from '../texts/language.tsx'
import { deleteAccount, deleteRefusals } from './calls.ts'
import { confirmTexts } from './texts.ts'

/** Where the link of a mail leads. It counts for the user who asked for it, and only while they are signed in. */
export function DeleteAccount() {
  const link = useMailedLink()
  const current = useSession()
  const [isDeleted, setDeleted] = useState(false)
  if (isDeleted) return <Deleted />
  if (!link) return <NoMailedLink />
  if (current.kind !== 'user') return <SignInFirst />
  return <Confirm token={link.token} email={current.user.email} onDeleted={() => setDeleted(true)} />
}

function Confirm({ token, email, onDeleted }: { token: string; email: string; onDeleted: () => void }) {
  const texts = useTexts(confirmTexts)
  const { auth, session } = useServices()
  const submission = useAction(async (_: FormData) => {
    await deleteAccount(auth, token)
    onDeleted()
    session.leave()
  }, deleteRefusals)
  return (
    <Page layout="card">
      <Heading>{texts.deleteTitle}</Heading>
      <p>{texts.deleteHint(email)}</p>
      <Form
        submission={submission}
        submit={texts.delete}
        busy={texts.deleting}
        aside={
          <Link href={paths.home} className="button plain">
            {texts.keep}
          </Link>
        }
      />
    </Page>
  )
}

function SignInFirst() {
  const texts = useTexts(confirmTexts)
  return (
    <Page layout="card">
      <Heading key="first">{texts.signInFirstTitle}</Heading>
      <p>{texts.signInFirst}</p>
      <Link href={paths.signIn} className="button">
        {texts.signIn}
      </Link>
    </Page>
  )
}

function Deleted() {
  const texts = useTexts(confirmTexts)
  return (
    <Page layout="card">
      <Heading key="deleted">{texts.deletedTitle}</Heading>
      <p>{texts.deleted}</p>
    </Page>
  )
}
