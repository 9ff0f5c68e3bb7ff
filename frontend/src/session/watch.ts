import type { SessionStore } from './store.ts'

/** Asks again when somebody comes back to this tab: from another one, from the back button's cache, from a tunnel. */
export function watchSession(session: SessionStore): void {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void session.check()
  })
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) void session.check()
  })
  window.addEventListener('online', () => void session.check())
}
