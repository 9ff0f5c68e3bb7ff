import { useEffect, useState } from 'react'

export interface MailedLink {
  token: string
  /** Whose mailbox it was sent to. For the eyes and for password managers: the server knows better. */
  email: string
  /** Where it leads in the end, as anybody may have written it: see `localPath`. */
  next: string | null
}

/**
 * What a mailed link says behind its `#`, which no server gets to see. It is taken out of the address at once, so that neither the
 * history nor a shared screen keeps it. Null: the page was opened without one.
 */
export function useMailedLink(): MailedLink | null {
  const [link, setLink] = useState(readLink)

  useEffect(() => {
    // Another link, opened where this page is: the browser loads nothing then.
    function takeNext(): void {
      const next = readLink()
      if (next) setLink(next)
      forget()
    }
    forget()
    addEventListener('hashchange', takeNext)
    return () => removeEventListener('hashchange', takeNext)
  }, [])

  return link
}

function readLink(): MailedLink | null {
  const parameters = new URLSearchParams(location.hash.slice(1))
  const token = parameters.get('token')
  return token ? { token, email: parameters.get('email') ?? '', next: parameters.get('next') } : null
}

function forget(): void {
  if (location.hash) history.replaceState(history.state, '', location.pathname + location.search)
}
