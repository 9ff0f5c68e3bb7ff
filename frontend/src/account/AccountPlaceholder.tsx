import { Page } from '../components/Page.tsx'
import { useTexts } from '../texts/language.tsx'
import { ProfilePlaceholder } from './Profile.tsx'
import { accountTexts } from './texts.ts'

/** Stands for the account page until it is known whose it is. */
export function AccountPlaceholder() {
  const texts = useTexts(accountTexts)
  return (
    <Page layout="wide">
      <div className="placeholder" aria-hidden="true">
        <p className="placeholder-title">{texts.title}</p>
      </div>
      <ProfilePlaceholder />
    </Page>
  )
}
