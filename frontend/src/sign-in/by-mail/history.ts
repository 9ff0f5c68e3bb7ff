import { useHistoryState } from 'wouter/use-browser-location'

/** What the browser's history keeps of a page: it is there after a reload, and when the user comes back from their mails. */
export interface MailHistory {
  sentTo?: string
  /** The sign-in was the first one to an account that nobody had confirmed. */
  claimed?: { email: string; next: string }
}

export function useMailHistory(): MailHistory {
  return useHistoryState<MailHistory | null>() ?? {}
}
