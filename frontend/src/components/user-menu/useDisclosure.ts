import { type FocusEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { flushSync } from 'react-dom'

/**
 * A button that shows a panel, by the disclosure pattern (https://www.w3.org/WAI/ARIA/apg/patterns/disclosure/) and not as a
 * `menu`: that role may hold commands alone, and this panel holds links, a switch and text. Tab goes through it; the arrow
 * keys, which also open it, Home and End do too. Escape, a click elsewhere and leaving it with Tab close it.
 */
export function useDisclosure() {
  const [isOpen, setOpen] = useState(false)
  const areaRef = useRef<HTMLDivElement>(null)
  const buttonRef = useRef<HTMLButtonElement>(null)
  const panelRef = useRef<HTMLDivElement>(null)
  const panelId = useId()

  useEffect(() => {
    if (!isOpen) return
    const closeOutside = ({ target }: PointerEvent) => {
      if (target instanceof Node && !areaRef.current?.contains(target)) setOpen(false)
    }
    document.addEventListener('pointerdown', closeOutside)
    return () => document.removeEventListener('pointerdown', closeOutside)
  }, [isOpen])

  function close(): void {
    setOpen(false)
    buttonRef.current?.focus()
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape' && isOpen) close()
    else if (isOpen && KEYS.includes(event.key)) focusNext(event.key)
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') open(event.key)
    else return
    event.preventDefault()
  }

  /** Shown at once: what is hidden takes no focus. */
  function open(key: string): void {
    flushSync(() => setOpen(true))
    focusNext(key)
  }

  function focusNext(key: string): void {
    const controls = [...(panelRef.current?.querySelectorAll<HTMLElement>('a, button') ?? [])]
    const current = controls.findIndex((control) => control.matches(':focus'))
    const next = { ArrowDown: current + 1, ArrowUp: current < 0 ? -1 : current - 1, Home: 0, End: -1 }[key] ?? 0
    controls.at(next % controls.length)?.focus()
  }

  return {
    isOpen,
    close,
    area: {
      ref: areaRef,
      onKeyDown,
      // Not for the loss of the window's focus, which has nowhere to go to.
      onBlur: ({ relatedTarget }: FocusEvent) => {
        if (relatedTarget && !areaRef.current?.contains(relatedTarget)) setOpen(false)
      },
    },
    button: { ref: buttonRef, 'aria-expanded': isOpen, 'aria-controls': panelId, onClick: () => setOpen(!isOpen) },
    panel: { ref: panelRef, id: panelId, hidden: !isOpen },
  }
}

const KEYS = ['ArrowDown', 'ArrowUp', 'Home', 'End']
