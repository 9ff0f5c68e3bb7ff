import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { useTexts } from '../../texts/language.tsx'
import { useAnnounceWhen } from '../announcer.ts'
import { Field } from './Field.tsx'
import { fieldTexts } from './texts.ts'
import { usePasswordMin } from './usePasswordMin.ts'

interface Props {
  autoComplete: 'current-password' | 'new-password'
  /** Where a form has two; also the `id`. */
  name?: string
  label?: string
}

/** No `maxlength`: it would silently cut a pasted password. */
export function PasswordField({ autoComplete, name = 'password', label }: Props) {
  const texts = useTexts(fieldTexts)
  const min = usePasswordMin()
  const input = useRef<HTMLInputElement>(null)
  const [isShown, setShown] = useState(false)
  const [isCapsLockOn, setCapsLockOn] = useState(false)

  useAnnounceWhen(isCapsLockOn, texts.capsLock)

  function toggle(): void {
    const field = input.current
    if (!field) return
    const { selectionStart, selectionEnd, selectionDirection } = field
    flushSync(() => setShown(!isShown))
    // Browsers differ in where the caret is after a change of type.
    field.setSelectionRange(selectionStart, selectionEnd, selectionDirection ?? 'none')
  }

  function watchCapsLock(event: KeyboardEvent): void {
    setCapsLockOn(event.getModifierState('CapsLock'))
  }

  // A browser remembers what is sent from a text input, and offers it to the next user.
  useEffect(() => {
    const form = input.current?.form
    const hide = () => setShown(false)
    form?.addEventListener('submit', hide)
    return () => form?.removeEventListener('submit', hide)
  }, [])

  return (
    <Field
      name={name}
      label={label ?? texts.password}
      hint={autoComplete === 'new-password' ? texts.passwordHint(min) : undefined}
    >
      {(described) => (
        <>
          <div className="password">
            <input
              {...described}
              ref={input}
              id={name}
              name={name}
              dir="auto"
              type={isShown ? 'text' : 'password'}
              autoComplete={autoComplete}
              autoCapitalize="none"
              autoCorrect="off"
              spellCheck={false}
              className="input"
              onKeyDown={watchCapsLock}
              onKeyUp={watchCapsLock}
              onBlur={() => setCapsLockOn(false)}
            />
            <button
              type="button"
              className="toggle"
              aria-pressed={isShown}
              aria-label={texts.showPassword}
              title={texts.showPassword}
              // Keeps the caret in the field.
              onMouseDown={(event) => event.preventDefault()}
              onClick={toggle}
            >
              <EyeIcon isCrossed={isShown} />
            </button>
          </div>
          {isCapsLockOn && <p className="caps-lock">{texts.capsLock}</p>}
        </>
      )}
    </Field>
  )
}

function EyeIcon({ isCrossed }: { isCrossed: boolean }) {
  return (
    <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" className="icon">
      <path d="M2 12s3.6-7 10-7 10 7 10 7-3.6 7-10 7-10-7-10-7Z" />
      <circle cx="12" cy="12" r="3" />
      {isCrossed && <path d="M4 4l16 16" />}
    </svg>
  )
}
