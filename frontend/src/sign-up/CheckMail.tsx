import { Heading } from '../components/Heading.tsx'
import { Page } from '../components/Page.tsx'
import { SendAgain } from '../components/SendAgain.tsx'
import { useServices } from '../services.ts'
import { useTexts } from '../texts/language.tsx'
import { sendVerification } from './calls.ts'
import { signUpTexts } from './texts.ts'

/** The end of a sign-up whose address is to be confirmed. It is the same for an address that has an account. */
export function CheckMail({ email, onOther }: { email: string; onOther: () => void }) {
  const texts = useTexts(signUpTexts)
  const { auth } = useServices()
  return (
    <Page layout="card">
      <Heading key="check">{texts.checkTitle}</Heading>
      <p>{texts.check(email)}</p>
      <SendAgain send={() => sendVerification(auth, email)} />
      <p className="other-way">
        <button type="button" className="button plain" onClick={onOther}>
          {texts.toStart}
        </button>
      </p>
    </Page>
  )
}
