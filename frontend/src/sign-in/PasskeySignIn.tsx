import { type RefObject, useEffect, useRef, useState } from 'react'
import type { Client } from '../api/client.ts'
import { ActionButton } from '../components/ActionButton.tsx'
import { ErrorNote } from '../components/ErrorNote.tsx'
import { InvalidForm } from '../components/form/error-details.ts'
import { canAutofill, getPasskey, PasskeyCancelled, type PasskeyResponse } from '../components/passkeys.ts'
import { useAction } from '../components/useAction.ts'
import { useServices } from '../services.ts'
import { useTexts } from '../texts/language.tsx'
import { fetchPasskeyOptions, passkeyRefusals, signInWithPasskey } from './calls.ts'
import { passkeySignInTexts } from './texts.ts'

/** A button, and what the browser offers in the field for the address. */
export function PasskeySignIn() {
  const { auth } = useServices()
  const onChosen = useRef<(response: PasskeyResponse) => void>(() => undefined)
  return <PasskeyButton autofill={useAutofill(auth, onChosen)} onChosen={onChosen} />
}

interface ButtonProps {
  autofill?: Autofill
  /** Hears of a passkey that was chosen elsewhere. */
  onChosen?: RefObject<(response: PasskeyResponse) => void>
}

/** The button alone, where there is no field to offer anything in. */
export function PasskeyButton({ autofill = NO_AUTOFILL, onChosen }: ButtonProps) {
  const texts = useTexts(passkeySignInTexts)
  const { auth, session } = useServices()
  const action = useAction(async (chosen?: PasskeyResponse) => {
    await signInWithPasskey(auth, chosen ?? (await askNow(auth, autofill)))
    await session.begin()
  }, passkeyRefusals)
  useEffect(() => {
    if (onChosen) onChosen.current = action.run
  }, [action.run, onChosen])

  return (
    <>
      <ActionButton action={{ ...action, run: () => action.run() }} text={texts.passkey} busy={texts.busy} />
      {action.progress.kind === 'failed' && <ErrorNote what={texts.failed} error={action.progress.error} />}
    </>
  )
}

interface Autofill {
  /** When it returns, nothing of it is under way any more. */
  stop: () => Promise<void>
  restart: () => void
}

const NO_AUTOFILL: Autofill = { stop: async () => undefined, restart: () => undefined }

async function askNow(auth: Client, autofill: Autofill): Promise<PasskeyResponse> {
  // A browser has one request for a passkey at a time, and one challenge: that of the response that comes last.
  await autofill.stop()
  try {
    return await getPasskey(await fetchPasskeyOptions(auth))
  } catch (error) {
    if (!(error instanceof PasskeyCancelled)) throw error
    // Nobody was refused: the field may offer them again.
    autofill.restart()
    throw new InvalidForm([{ field: null, text: passkeySignInTexts.cancelled }])
  }
}

/** Waits for the user to choose a passkey in the field, for as long as the page is there. */
function useAutofill(auth: Client, onChosen: RefObject<(response: PasskeyResponse) => void>): Autofill {
  const [round, setRound] = useState(0)
  const running = useRef<{ abort: AbortController; isOver: Promise<void> }>(null)

  // biome-ignore lint/correctness/useExhaustiveDependencies: another round begins again
  useEffect(() => {
    const abort = new AbortController()
    const isOver = offer(auth, abort.signal).then((response) => {
      if (response) onChosen.current(response)
    })
    running.current = { abort, isOver }
    return () => abort.abort()
  }, [auth, round, onChosen])

  return {
    stop: async () => {
      running.current?.abort.abort()
      await running.current?.isOver
    },
    restart: () => setRound((before) => before + 1),
  }
}

/** Nothing, where the browser cannot, or the services cannot: the form is there all the same. */
async function offer(auth: Client, signal: AbortSignal): Promise<PasskeyResponse | undefined> {
  try {
    if (!(await canAutofill()) || signal.aborted) return undefined
    const options = await fetchPasskeyOptions(auth)
    return signal.aborted ? undefined : await getPasskey(options, signal)
  } catch {
    return undefined
  }
}
