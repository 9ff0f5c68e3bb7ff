import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { createClient } from './api/client.ts'
import { readAppUrl } from './app-url.ts'
import { ErrorBoundary } from './components/ErrorBoundary.tsx'
import { ServicesContext } from './services.ts'
import { openChannel } from './session/channel.ts'
import { createFeatures, fetchFeatures } from './session/features.ts'
import { createSessionStore } from './session/store.ts'
import { fetchUser } from './session/user.ts'
import { watchSession } from './session/watch.ts'
import { LanguageProvider } from './texts/language.tsx'

const isOnline = () => navigator.onLine
const language = () => document.documentElement.lang
const auth = createClient(import.meta.env.VITE_AUTH_URL ?? '', isOnline, language)
const backend = createClient(import.meta.env.VITE_API_URL ?? '', isOnline)
const features = createFeatures(() => fetchFeatures(auth))
const session = createSessionStore({ fetchUser: () => fetchUserOrFeatures(), channel: openChannel('session') })
watchSession(session)
void session.check()

/** What a guest is offered is known before the page is shown, or a button would come later and move it. */
async function fetchUserOrFeatures() {
  const user = await fetchUser(auth)
  if (!user) await features.load()
  return user
}

const appUrl = readAppUrl(document)
const typed = new Map<string, string>()
session.subscribe(() => {
  if (session.get().kind === 'user') typed.clear()
})

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
const startup = root.firstElementChild
createRoot(root, { onCaughtError: reportError, onUncaughtError: showStartup }).render(
  <StrictMode>
    <ServicesContext value={{ auth, backend, session, features, appUrl, drafts: new Map(), typed }}>
      <LanguageProvider>
        <ErrorBoundary>
          <App />
        </ErrorBoundary>
      </LanguageProvider>
    </ServicesContext>
  </StrictMode>,
)

/** React has emptied #root. What stood there at the start needs no script, and leads on. */
function showStartup(error: unknown): void {
  reportError(error)
  startup?.classList.add('failed')
  if (startup) root?.replaceChildren(startup)
}
