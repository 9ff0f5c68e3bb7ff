import { useState } from 'react'
import { Link } from 'wouter'
import { Form } from '../components/form/Form.tsx'
import { Heading } from '../components/Heading.tsx'
import { NoMailedLink } from '../components/NoMailedLink.tsx'
import { Page } from '../components/Page.tsx'
import { useAction } from '../components/useAction.ts'
import { useMailedLink } from '../components/useMailedLink.ts'
import { paths } from '../paths.ts'
import { useServices } from '../services.ts'
import { useTexts } from '../texts/language.tsx'
import { changeRefusals, confirmChange } from './calls.ts'
import { confirmTexts } from './texts.ts'

/** Where both links lead: first the old address's, then the new one's. */
export function ChangeEmail() {
  const link = useMailedLink()
  return link ? <Confirm key={link.token} token={link.token} /> : <NoMailedLink />
}

type State = 'asked' | 'confirmed-by-old' | 'changed'

function Confirm({ token }: { token: string }) {
  const texts = useTexts(confirmTexts)
  const { auth, session } = useServices()
  const [state, setState] = useState<State>('asked')
  const submission = useAction(async (_: FormData) => {
    const isNewNext = await confirmChange(auth, token)
    setState(isNewNext ? 'confirmed-by-old' : 'changed')
    void session.check() // for the address that the pages show
  }, changeRefusals)

  if (state === 'confirmed-by-old') {
    return (
      <Page layout="card">
        <Heading key={state}>{texts.changeNextTitle}</Heading>
        <p>{texts.changeNext}</p>
      </Page>
    )
  }
  if (state === 'changed') {
    return (
      <Page layout="card">
        <Heading key={state}>{texts.changedTitle}</Heading>
        <p>{texts.changed}</p>
        <Link href={paths.home} className="button">
          {texts.toHome}
        </Link>
      </Page>
    )
  }
  return (
    <Page layout="card">
      <Heading key={state}>{texts.changeTitle}</Heading>
      <p>{texts.changeHint}</p>
      <Form submission={submission} submit={texts.verify} busy={texts.verifying} />
    </Page>
  )
}
