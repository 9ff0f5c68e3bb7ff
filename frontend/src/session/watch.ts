import type { SessionStore } from './store.ts'

/** Checks the session when the user returns to this tab: from another tab, by the back button, or from being offline. */
export function watchSession(session: SessionStore): void {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void session.check()
  })
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) void session.check()
  })
  window.addEventListener('online', () => void session.check())
}
