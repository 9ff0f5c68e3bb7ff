import { useEffect, useLayoutEffect, useRef } from 'react'
import { useTexts } from '../texts/language.tsx'
import { announce } from './announcer.ts'
import { commonTexts } from './texts.ts'

interface Props {
  className: string
  isRetrying: boolean
  onRetry: () => void
}

/** Tries now what would be tried later. Shows that a try is running, also one that began automatically. */
export function RetryButton({ className, isRetrying, onRetry }: Props) {
  const texts = useTexts(commonTexts)
  const button = useRef<HTMLButtonElement>(null)
  const wasClicked = useRef(false)

  function handleClick(): void {
    if (isRetrying) return
    wasClicked.current = true
    announce(texts.tryingAgain)
    onRetry()
  }

  useEffect(() => {
    if (isRetrying || !wasClicked.current) return
    wasClicked.current = false
    announce(texts.stillNot)
  }, [isRetrying, texts])

  // The button goes when it has worked; without this, so would the focus.
  useLayoutEffect(() => {
    const shown = button.current
    return () => {
      if (shown && shown === document.activeElement)
        shown.closest('section')?.querySelector<HTMLElement>('h2[tabindex]')?.focus()
    }
  }, [])

  return (
    <button
      ref={button}
      type="button"
      className={className}
      aria-busy={isRetrying}
      aria-disabled={isRetrying}
      onClick={handleClick}
    >
      {isRetrying ? texts.tryingAgain : texts.tryAgain}
    </button>
  )
}
