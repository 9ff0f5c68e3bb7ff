import { createContext, use, useSyncExternalStore } from 'react'
import type { Api } from './api/api.ts'
import type { Drafts } from './session/drafts.ts'
import type { Session, SessionStore } from './session/store.ts'

/** What main.tsx makes once and hands to everything below it. */
export interface Services {
  api: Api
  session: SessionStore
  drafts: Drafts
}

export const ServicesContext = createContext<Services | null>(null)

export function useServices(): Services {
  const services = use(ServicesContext)
  if (!services) throw new Error('No ServicesContext above this component')
  return services
}

export function useSession(): Session {
  const { session } = useServices()
  return useSyncExternalStore(session.subscribe, session.get)
}
