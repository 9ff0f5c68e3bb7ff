import { useTexts } from '../texts/language.tsx'
import { Heading } from './Heading.tsx'
import { Page } from './Page.tsx'
import { brokenTexts } from './texts.ts'

/** In place of a page that has a bug. */
export function Broken() {
  const texts = useTexts(brokenTexts)
  return (
    <Page layout="card">
      <Heading>{texts.title}</Heading>
      <p>{texts.explanation}</p>
      <button type="button" className="button" onClick={() => location.reload()}>
        {texts.reload}
      </button>
    </Page>
  )
}
