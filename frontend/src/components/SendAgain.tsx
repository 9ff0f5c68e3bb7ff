import { useState } from 'react'
import { useTexts } from '../texts/language.tsx'
import { ActionButton } from './ActionButton.tsx'
import { useAnnounceWhen } from './announcer.ts'
import { ErrorSummary } from './form/ErrorSummary.tsx'
import { useSecondsLeft } from './form/useSecondsLeft.ts'
import { mailTexts } from './texts.ts'
import { useAction } from './useAction.ts'

/** The server sends a mail of one kind no more often; the same number is in auth/mails/mails.ts there. */
const COOL_DOWN_SECONDS = 60

/** Below "we have sent a mail": for whoever has waited and got none. */
export function SendAgain({ send }: { send: () => Promise<void> }) {
  const [sentTimes, setSentTimes] = useState(0)
  return (
    <SendAgainButton key={sentTimes} send={send} isAgain={sentTimes > 0} onSent={() => setSentTimes(sentTimes + 1)} />
  )
}

function SendAgainButton({
  send,
  isAgain,
  onSent,
}: {
  send: () => Promise<void>
  isAgain: boolean
  onSent: () => void
}) {
  const texts = useTexts(mailTexts)
  const left = useSecondsLeft(COOL_DOWN_SECONDS)
  useAnnounceWhen(isAgain, texts.sentAgain)
  const action = useAction(async () => {
    await send()
    onSent()
  })
  const { progress } = action

  return (
    <div className="send-again">
      {isAgain && <p>{texts.sentAgain}</p>}
      {progress.kind === 'failed' && <ErrorSummary error={progress.error} hasFields={false} />}
      {left === 0 ? (
        <ActionButton action={action} text={texts.sendAgain} busy={texts.sending} />
      ) : (
        <p className="quiet" role="timer" aria-live="off">
          {texts.waitToSend(left ?? 0)}
        </p>
      )}
    </div>
  )
}
