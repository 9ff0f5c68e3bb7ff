import { useEffect, useRef, useState } from 'react'
import { announce } from '../../components/announcer.ts'
import { useServices } from '../../services.ts'
import type { User } from '../../session/user.ts'
import { useTexts } from '../../texts/language.tsx'
import { BackupCodes } from './BackupCodes.tsx'
import { fetchState, type TwoFactorState } from './calls.ts'
import { RenewCodes } from './RenewCodes.tsx'
import { SetUp } from './SetUp.tsx'
import { TrustedDevices } from './TrustedDevices.tsx'
import { TurnOff } from './TurnOff.tsx'
import { twoFactorTexts } from './texts.ts'

interface Props {
  state: TwoFactorState
  user: User
  onChange: (state: TwoFactorState) => void
}

type Step = { kind: 'overview' | 'setUp' | 'turnOff' | 'renew' } | { kind: 'codes'; codes: string[] }

/** What is set up, and one thing at a time that is being changed. */
export function TwoFactorSettings({ state, user, onChange }: Props) {
  const texts = useTexts(twoFactorTexts)
  const { auth } = useServices()
  const [step, setStep] = useState<Step>({ kind: 'overview' })
  const box = useFocusAfter(step.kind)
  const cancel = () => setStep({ kind: 'overview' })

  async function changed(said: string, next: Step): Promise<void> {
    onChange(await fetchState(auth))
    announce(said)
    setStep(next)
  }

  return (
    <div ref={box} tabIndex={-1} className="two-factor">
      {step.kind === 'overview' && (
        <>
          <Overview state={state} onStep={(kind) => setStep({ kind })} />
          <TrustedDevices devices={state.trustedDevices} onForgotten={async () => onChange(await fetchState(auth))} />
        </>
      )}
      {step.kind === 'setUp' && (
        <SetUp
          user={user}
          hasPassword={state.hasPassword}
          onDone={(codes) => changed(texts.turnedOn, { kind: 'codes', codes })}
          onCancel={cancel}
        />
      )}
      {step.kind === 'codes' && <BackupCodes codes={step.codes} account={user.email} onDone={cancel} />}
      {step.kind === 'renew' && (
        <RenewCodes
          user={user}
          hasPassword={state.hasPassword}
          onDone={(codes) => changed(texts.saveCodes, { kind: 'codes', codes })}
          onCancel={cancel}
        />
      )}
      {step.kind === 'turnOff' && (
        <TurnOff
          user={user}
          hasPassword={state.hasPassword}
          onDone={() => changed(texts.turnedOff, { kind: 'overview' })}
          onCancel={cancel}
        />
      )}
    </div>
  )
}

function Overview({ state, onStep }: { state: TwoFactorState; onStep: (kind: 'setUp' | 'turnOff' | 'renew') => void }) {
  const texts = useTexts(twoFactorTexts)
  const { isEnabled, backupCodesLeft } = state
  return (
    <dl className="facts">
      <div>
        <dt>{texts.app}</dt>
        <dd>
          <span className={isEnabled ? 'badge good' : 'badge'}>{isEnabled ? texts.on : texts.off}</span>
          <button type="button" className="button plain" onClick={() => onStep(isEnabled ? 'turnOff' : 'setUp')}>
            {isEnabled ? texts.turnOff : texts.setUp}
          </button>
        </dd>
      </div>
      {isEnabled && (
        <div>
          <dt>{texts.backupCodes}</dt>
          <dd>
            <span className={backupCodesLeft < 3 ? 'few' : undefined}>{texts.codesLeft(backupCodesLeft)}</span>
            <button type="button" className="button plain" onClick={() => onStep('renew')}>
              {texts.newCodes}
            </button>
          </dd>
        </div>
      )}
    </dl>
  )
}

/** What took the place of the button that was pressed: its first field, or itself. */
function useFocusAfter(step: string) {
  const box = useRef<HTMLDivElement>(null)
  const shown = useRef(step)
  useEffect(() => {
    if (shown.current === step) return
    shown.current = step
    const target = box.current?.querySelector<HTMLElement>('h3[tabindex], .field input, .button') ?? box.current
    target?.focus()
  }, [step])
  return box
}
