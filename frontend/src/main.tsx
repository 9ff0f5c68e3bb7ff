// Before App, whose features bring styles of their own.
import './styles/tokens.css'
import './styles/base.css'
import './styles/page.css'
import './styles/form.css'

import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { createClient } from './api/client.ts'
import { ServicesContext } from './services.ts'
import { createSessionStore } from './session/store.ts'
import { fetchUser } from './session/user.ts'
import { watchSession } from './session/watch.ts'
import { LanguageProvider } from './texts/language.tsx'

const isOnline = () => navigator.onLine
const auth = createClient(import.meta.env.VITE_AUTH_URL ?? '', isOnline)
const backend = createClient(import.meta.env.VITE_API_URL ?? '', isOnline)
const session = createSessionStore({ fetchUser: () => fetchUser(auth), channel: new BroadcastChannel('session') })
watchSession(session)
void session.check()

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <ServicesContext value={{ auth, backend, session, drafts: new Map() }}>
      <LanguageProvider>
        <App />
      </LanguageProvider>
    </ServicesContext>
  </StrictMode>,
)
