import { Link } from 'wouter'
import { Form } from '../../components/form/Form.tsx'
import { Heading } from '../../components/Heading.tsx'
import { NoMailedLink } from '../../components/NoMailedLink.tsx'
import { Page } from '../../components/Page.tsx'
import { useAction } from '../../components/useAction.ts'
import { type MailedLink, useMailedLink } from '../../components/useMailedLink.ts'
import { localPath, paths } from '../../paths.ts'
import { useServices, useSession } from '../../services.ts'
import { useTexts } from '../../texts/language.tsx'
import { signInTexts } from '../texts.ts'
import { Claimed } from './Claimed.tsx'
import { linkRefusals, signInByLink } from './calls.ts'
import { useMailHistory } from './history.ts'
import { linkTexts } from './texts.ts'
import { useSignedIn } from './useSignedIn.ts'

/** Where the link of a mail leads, in whichever browser it is opened. */
export function SignInLink() {
  const { askAgain } = useTexts(linkTexts)
  const link = useMailedLink()
  const { claimed } = useMailHistory()
  if (claimed) return <Claimed {...claimed} />
  if (!link?.email) return <NoMailedLink way={{ href: paths.signInByMail, text: askAgain }} />
  return <Confirm key={link.token} link={link} />
}

/** A button: programs that look at mails open their links. It says whose account it is, and the server refuses any other. */
function Confirm({ link: { token, email, next } }: { link: MailedLink }) {
  const texts = useTexts(linkTexts)
  const { title, submit, busy } = useTexts(signInTexts)
  const { auth } = useServices()
  const current = useSession()
  const goOn = useSignedIn(localPath(next, location.origin))
  const submission = useAction(async (_: FormData) => {
    await goOn(await signInByLink(auth, token, email), email)
  }, linkRefusals)
  const isOther = current.kind === 'user' && current.user.email !== email.toLowerCase()

  return (
    <Page layout="card">
      <Heading>{title}</Heading>
      <p>{texts.as(email)}</p>
      {isOther && <p className="quiet">{texts.inPlaceOf(current.user.email)}</p>}
      <Form submission={submission} submit={submit} busy={busy} />
      <p className="other-way">
        <Link href={paths.signInByMail}>{texts.askAgain}</Link>
      </p>
    </Page>
  )
}
