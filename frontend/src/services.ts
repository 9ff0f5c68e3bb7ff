import { createContext, use, useEffect, useSyncExternalStore } from 'react'
import type { Client } from './api/client.ts'
import type { FeatureStore, Features } from './session/features.ts'
import type { Session, SessionStore } from './session/store.ts'

/** What main.tsx creates once and gives to every component. */
export interface Services {
  auth: Client
  backend: Client
  session: SessionStore
  features: FeatureStore
  /** Of app-url.ts: undefined where the example's backend is behind the pages. */
  appUrl: string | null | undefined
  /**
   * Notes that are not saved yet, by the id of their user. Only in the memory of this tab: a draft outlives the page that shows
   * it, because a sign-out or another user's sign-in may replace that page, and is shown to nobody but its author.
   */
  drafts: Map<string, string>
  /** What was typed before signing in, by field: it goes along to the other page, and is there again after Back. No password. */
  typed: Map<string, string>
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

/** Null while it is not known. */
export function useFeatures(): Features | null {
  const { features } = useServices()
  useEffect(() => void features.load(), [features])
  return useSyncExternalStore(features.subscribe, features.get)
}
