import { useLocation } from 'wouter'
import { ActionButton } from '../components/ActionButton.tsx'
import { ErrorNote } from '../components/ErrorNote.tsx'
import { emailIssue } from '../components/form/rules.ts'
import { useAction } from '../components/useAction.ts'
import { nextOf, paths, withSearch } from '../paths.ts'
import { useServices } from '../services.ts'
import type { Features } from '../session/features.ts'
import { useTexts } from '../texts/language.tsx'
import { askForMail } from './calls.ts'
import { mailEntryTexts } from './texts.ts'

/** Sends the mail at once where the address is in the form already; else the next page asks for it. */
export function MailEntry({ features, search }: { features: Features; search: string }) {
  const texts = useTexts(mailEntryTexts)
  const { auth, typed } = useServices()
  const [, navigate] = useLocation()
  const action = useAction(async () => {
    const email = (typed.get('email') ?? '').trim()
    const isAddress = emailIssue(email) === null
    if (isAddress) await askForMail(auth, features, email, nextOf(search, location.origin))
    navigate(withSearch(paths.signInByMail, search), { state: isAddress ? { sentTo: email } : null })
  })

  return (
    <>
      <ActionButton action={action} text={features.magicLink ? texts.link : texts.code} busy={texts.busy} />
      {action.progress.kind === 'failed' && <ErrorNote what={texts.failed} error={action.progress.error} />}
    </>
  )
}
