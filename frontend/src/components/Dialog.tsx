import { type ReactNode, useId, useLayoutEffect, useRef } from 'react'

interface Props {
  title: string
  children: ReactNode
  /** The `id` of the element that has the focus first, if not the first control. */
  initialFocus?: string
  /** Escape was pressed. */
  onCancel: () => void
}

/** The browser's own modal: it keeps the focus inside, and returns it when it closes. */
export function Dialog({ title, children, initialFocus, onCancel }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()

  // Not useEffect: its cleanup runs after the dialog has left the document, too late to return the focus.
  useLayoutEffect(() => {
    const opened = dialog.current
    opened?.showModal()
    if (initialFocus) document.getElementById(initialFocus)?.focus()
    return () => opened?.close()
  }, [initialFocus])

  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        onCancel()
      }}
    >
      <h2 id={titleId}>{title}</h2>
      {children}
    </dialog>
  )
}
