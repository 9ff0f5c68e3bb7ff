import type { Client } from '../api/client.ts'
import { readField, readText } from '../api/read.ts'

/** What the auth server is configured for: contract/features.json. */
export interface Features {
  signUp: boolean
  mail: boolean
  magicLink: boolean
  emailCode: boolean
  emailVerification: boolean
  /** Undefined: an older auth server, with the limit that the pages know. */
  passwordMinLength: number | undefined
  providers: readonly Provider[]
  /** What users can connect, so that services act there for them. */
  connectedServices: readonly Provider[]
  twoFactor: boolean
  passkeys: boolean
}

/** Where users can sign in elsewhere, or what they can connect. */
export interface Provider {
  id: string
  name: string
}

export type FeatureStore = ReturnType<typeof createFeatures>

export const fetchFeatures = (auth: Client) => auth('GET', '/api/auth/features', readFeatures)

function readFeatures(body: unknown): Features {
  return {
    signUp: readField(body, 'signUp') === true,
    mail: readField(body, 'mail') === true,
    magicLink: readField(body, 'magicLink') === true,
    emailCode: readField(body, 'emailCode') === true,
    emailVerification: readField(body, 'emailVerification') === true,
    passwordMinLength: readNumber(readField(body, 'passwordMinLength')),
    providers: readProviders(readField(body, 'providers')),
    connectedServices: readProviders(readField(body, 'connectedServices')),
    twoFactor: readField(body, 'twoFactor') === true,
    passkeys: readField(body, 'passkeys') === true,
  }
}

function readNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

function readProviders(list: unknown): Provider[] {
  if (!Array.isArray(list)) return []
  return list.map((provider) => ({ id: readText(provider, 'id'), name: readText(provider, 'name') }))
}

/** Asked once. A page that could not find out offers less, and is no worse for it: it asks again the next time. */
export function createFeatures(fetch: () => Promise<Features>) {
  let features: Features | null = null
  let loading: Promise<void> | undefined
  const listeners = new Set<() => void>()

  async function fetchOnce(): Promise<void> {
    try {
      features = await fetch()
      for (const listener of listeners) listener()
    } catch {
      loading = undefined
    }
  }

  return {
    get: () => features,
    subscribe(listener: () => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    /** Resolves in any case. */
    load(): Promise<void> {
      loading ??= fetchOnce()
      return loading
    },
  }
}
