import { Link } from 'wouter'
import { Heading } from '../../components/Heading.tsx'
import { Page } from '../../components/Page.tsx'
import { localPath, paths } from '../../paths.ts'
import { useServices } from '../../services.ts'
import { useTexts } from '../../texts/language.tsx'
import { claimedTexts } from './texts.ts'

/** The user is signed in, and what the account had before is gone: they should know before they need it. */
export function Claimed({ email, next }: { email: string; next: string }) {
  const texts = useTexts(claimedTexts)
  const { typed } = useServices()
  return (
    <Page layout="card">
      <Heading key="claimed">{texts.title}</Heading>
      <p>{texts.reason}</p>
      <div className="actions">
        <Link href={localPath(next, location.origin)} className="button">
          {texts.continue}
        </Link>
        <Link href={paths.forgotPassword} className="button plain" onClick={() => typed.set('email', email)}>
          {texts.newPassword}
        </Link>
      </div>
    </Page>
  )
}
