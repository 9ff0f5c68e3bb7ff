import { Link } from 'wouter'
import { Heading } from '../components/Heading.tsx'
import { Page } from '../components/Page.tsx'
import { paths } from '../paths.ts'
import { useTexts } from '../texts/language.tsx'
import { notFoundTexts } from './texts.ts'

export function NotFound() {
  const texts = useTexts(notFoundTexts)
  return (
    <Page layout="card">
      <Heading>{texts.title}</Heading>
      <p>{texts.explanation}</p>
      <Link href={paths.home} className="button">
        {texts.toHome}
      </Link>
    </Page>
  )
}
