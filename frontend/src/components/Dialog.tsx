import { type ReactNode, useId, useLayoutEffect, useRef } from 'react'
import { brandName } from '../brand.tsx'

interface Props {
  title: string
  /** What it is about; read out when it opens. */
  description: ReactNode
  children: ReactNode
  /** The `id` of the element that has the focus first, if not the first control. */
  initialFocus?: string
  /** Escape was pressed. */
  onCancel: () => void
}

/** The browser's own modal: it keeps the focus inside, and returns it when it closes. */
export function Dialog({ title, description, children, initialFocus, onCancel }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const titleId = useId()
  const descriptionId = useId()

  // Not useEffect: its cleanup runs after the dialog has left the document, too late to return the focus.
  useLayoutEffect(() => {
    const opened = dialog.current
    opened?.showModal()
    // On a small or magnified screen the first control may be out of sight of the text that explains it.
    const isCut = opened !== null && opened.scrollHeight > opened.clientHeight
    if (isCut) heading.current?.focus()
    else if (initialFocus) document.getElementById(initialFocus)?.focus()
    return () => opened?.close()
  }, [initialFocus])

  useLayoutEffect(() => {
    const before = document.title
    document.title = `${title} · ${brandName}`
    return () => {
      document.title = before
    }
  }, [title])

  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      aria-describedby={descriptionId}
      onCancel={(event) => {
        event.preventDefault()
        onCancel()
      }}
    >
      <h2 id={titleId} ref={heading} tabIndex={-1}>
        {title}
      </h2>
      <div id={descriptionId}>{description}</div>
      {children}
      {/* announce() writes here while the dialog is open. */}
      <p role="status" className="unseen" />
    </dialog>
  )
}
