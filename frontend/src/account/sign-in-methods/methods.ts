import type { Provider } from '../../session/features.ts'
import type { Method } from './calls.ts'

/** A row of the list: a way that the user has, or a provider that could become one. */
export interface Entry {
  providerId: string
  name: string
  method: Method | null
  /** The user can sign in with it; not with an account of a provider that is no longer offered. */
  isOffered: boolean
}

/** The password first, then the providers in the order of their buttons, then what is no longer offered. */
export function entriesOf(methods: readonly Method[], { providers }: { providers: readonly Provider[] }): Entry[] {
  const ids = new Set(['credential', ...providers.map(({ id }) => id)])
  const entry = (method: Method | null, { id, name }: Provider): Entry => ({
    ...{ providerId: id, name, method },
    isOffered: ids.has(id),
  })
  const of = (provider: Provider) => methods.filter(({ providerId }) => providerId === provider.id)
  return [
    ...of(PASSWORD).map((method) => entry(method, PASSWORD)),
    ...providers.flatMap((provider) => {
      const own = of(provider)
      return own.length > 0 ? own.map((method) => entry(method, provider)) : [entry(null, provider)]
    }),
    ...methods
      .filter(({ providerId }) => !ids.has(providerId))
      .map((method) => entry(method, { id: method.providerId, name: method.providerId })),
  ]
}

/** As better-auth calls it. */
const PASSWORD: Provider = { id: 'credential', name: '' }
