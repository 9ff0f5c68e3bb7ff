import { Link } from 'wouter'
import { Heading } from '../components/Heading.tsx'
import { Page } from '../components/Page.tsx'
import { paths } from '../paths.ts'
import { useTexts } from '../texts/language.tsx'

export function NotFound() {
  const { notFound: texts } = useTexts()
  return (
    <Page layout="card">
      <Heading>{texts.title}</Heading>
      <p>{texts.text}</p>
      <Link href={paths.home} className="button">
        {texts.toHome}
      </Link>
    </Page>
  )
}
