import { useEffect } from 'react'
import { Heading } from '../components/Heading.tsx'
import { Page } from '../components/Page.tsx'
import type { User } from '../session/user.ts'
import { useTexts } from '../texts/language.tsx'
import { homeTexts } from './texts.ts'

/** The app that the pages belong to is the home of a signed-in user. Seen for a moment, or where the app does not respond. */
export function ToApp({ url, user }: { url: string; user: User }) {
  const texts = useTexts(homeTexts)
  useEffect(() => location.replace(url), [url])

  return (
    <Page layout="card" user={user}>
      <Heading>{texts.signedIn}</Heading>
      <a href={url} className="button">
        {texts.toApp}
      </a>
    </Page>
  )
}
