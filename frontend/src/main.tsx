import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { createApi } from './api/api.ts'
import { ServicesContext } from './services.ts'
import { createSessionStore } from './session/store.ts'
import { watchSession } from './session/watch.ts'
import { LanguageProvider } from './texts/language.tsx'
import './styles/tokens.css'
import './styles/base.css'
import './styles/page.css'
import './styles/form.css'
import './styles/home.css'

const api = createApi({
  authUrl: import.meta.env.VITE_AUTH_URL ?? '',
  apiUrl: import.meta.env.VITE_API_URL ?? '',
  isOnline: () => navigator.onLine,
})
const session = createSessionStore({ fetchSession: api.fetchSession, channel: new BroadcastChannel('session') })
watchSession(session)
void session.check()

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <ServicesContext value={{ api, session, drafts: new Map() }}>
      <LanguageProvider>
        <App />
      </LanguageProvider>
    </ServicesContext>
  </StrictMode>,
)
