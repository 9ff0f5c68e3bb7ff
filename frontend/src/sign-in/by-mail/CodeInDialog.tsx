import { useState } from 'react'
import { ActionButton } from '../../components/ActionButton.tsx'
import { useAction } from '../../components/useAction.ts'
import { useServices } from '../../services.ts'
import type { Features } from '../../session/features.ts'
import { useTexts } from '../../texts/language.tsx'
import { signInTexts } from '../texts.ts'
import { CodeStep } from './CodeStep.tsx'
import { claimedTexts, sentTexts } from './texts.ts'

interface Props {
  email: string
  features: Features
  onHalf: () => void
  onPassword: () => void
}

/** Over a page whose session has ended: it stays, with what is typed there. */
export function CodeInDialog({ email, features, onHalf, onPassword }: Props) {
  const texts = useTexts(claimedTexts)
  const { sentToUser, usePassword } = useTexts(sentTexts)
  const { busy } = useTexts(signInTexts)
  const { session } = useServices()
  const [isClaimed, setClaimed] = useState(false)
  const action = useAction(session.begin)
  if (isClaimed) {
    return (
      <>
        <p role="alert">{texts.reason}</p>
        <ActionButton action={action} text={texts.continue} busy={busy} />
      </>
    )
  }
  return (
    <>
      <CodeStep
        email={email}
        sent={sentToUser(email)}
        features={features}
        next={location.pathname}
        onSignedIn={async (signedIn) => {
          if (signedIn === 'half') onHalf()
          else if (signedIn === 'claimed') setClaimed(true)
          else await session.begin()
        }}
      />
      <p className="other-way">
        <button type="button" className="link" onClick={onPassword}>
          {usePassword}
        </button>
      </p>
    </>
  )
}
