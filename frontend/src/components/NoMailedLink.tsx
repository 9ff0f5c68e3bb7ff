import { Link } from 'wouter'
import { useTexts } from '../texts/language.tsx'
import { Heading } from './Heading.tsx'
import { Page } from './Page.tsx'
import { mailTexts } from './texts.ts'

/** In place of a page that needs a mailed link and was opened without one. */
export function NoMailedLink({ way }: { way?: { href: string; text: string } }) {
  const texts = useTexts(mailTexts)
  return (
    <Page layout="card">
      <Heading>{texts.noLink}</Heading>
      <p>{texts.noLinkReason}</p>
      {way && (
        <Link href={way.href} className="button">
          {way.text}
        </Link>
      )}
    </Page>
  )
}
