import { type ReactNode, useEffect, useRef } from 'react'
import { brandName } from '../brand.tsx'

interface Props {
  /** Of the document, where it differs from the heading. */
  title?: string
  children: ReactNode
}

/** The page's h1. Sets the document's title, and takes the focus when the user came from another page of the app. */
export function Heading({ title, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  const documentTitle = title ?? String(children)

  useEffect(() => {
    document.title = `${documentTitle} · ${brandName}`
  }, [documentTitle])

  useEffect(() => {
    if (hasShownPage) heading.current?.focus()
    hasShownPage = true
  }, [])

  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  )
}

/** A screen reader reads a new document from its top: there the focus stays where the browser puts it. */
let hasShownPage = false
