import type { Origin } from '../audit/events.ts'
import { ProviderRefusal, ProviderUnavailable } from '../auth/providers/request.ts'
import { HttpError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Identity } from '../sessions/identify.ts'
import type { Connections } from './connections.ts'
import type { OAuthClient } from './oauth.ts'
import type { States } from './states.ts'

/** Why nothing was connected, for the page that the browser ends at. A service's own reason is one of RFC 6749 §4.1.2.1. */
export class NotConnected extends Error {
  readonly code: string

  constructor(code: string, cause?: unknown) {
    super(`a service was not connected: ${code}`, cause === undefined ? undefined : { cause })
    this.name = 'NotConnected'
    this.code = code
  }
}

type Parts = {
  clients: ReadonlyMap<string, OAuthClient>
  states: States
  connections: Connections
  log: Log
}
/** What the service's page sent the browser back with. */
export type Returned = Readonly<Record<'state' | 'code' | 'iss' | 'error', string | undefined>>

const OWN_REASON = /^[a-z_]{1,64}$/

/** The end of a connection that was begun in this session: each state once, at the service and in the session that it names. */
export class Callbacks {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Where the browser goes. Whatever happened, it is shown there: `?service=` and, if it failed, `&service-error=`. */
  async finish(service: string, returned: Returned, caller: () => Promise<Identity>, origin: Origin): Promise<string> {
    let callbackURL = DEFAULT_CALLBACK
    try {
      const begun = await this.#parts.states.take(returned.state ?? '')
      if (!begun) throw new NotConnected('state_mismatch')
      const { user, session } = await caller()
      const isOurs = begun.service === service && begun.userId === user.id && begun.sessionId === session.id
      if (!isOurs) throw new NotConnected('state_mismatch')
      callbackURL = begun.callbackURL
      await this.#connect({ user, session }, service, { ...returned, codeVerifier: begun.codeVerifier }, origin)
      return withQuery(callbackURL, { service })
    } catch (error) {
      const { code } = this.#reasonOf(service, error)
      return withQuery(callbackURL, { service, 'service-error': code })
    }
  }

  async #connect(
    caller: Identity,
    service: string,
    { code, iss, error, codeVerifier }: Returned & { codeVerifier: string },
    origin: Origin,
  ): Promise<void> {
    const { clients, connections } = this.#parts
    const client = clients.get(service)
    if (!client || !(await client.isIssuer(iss))) throw new NotConnected('issuer_mismatch')
    if (error !== undefined) throw new NotConnected(OWN_REASON.test(error) ? error : 'service_refused')
    if (code === undefined) throw new NotConnected('service_refused')
    const tokens = await client.exchange(code, codeVerifier)
    const label = await client.accountOf(tokens.accessToken)
    await connections.keep(caller, { id: service }, { ...tokens, label }, origin)
  }

  #reasonOf(service: string, error: unknown): NotConnected {
    const { log } = this.#parts
    if (error instanceof NotConnected) {
      if (error.code !== 'access_denied') log.warn({ service, code: error.code }, 'a service was not connected')
      return error
    }
    const code = codeOf(error)
    log[code === 'internal_error' ? 'error' : 'warn']({ service, code, err: error }, 'a service was not connected')
    return new NotConnected(code, error)
  }
}

function codeOf(error: unknown): string {
  if (error instanceof ProviderUnavailable) return 'service_unavailable'
  if (error instanceof ProviderRefusal) return 'service_refused'
  if (!(error instanceof HttpError)) return 'internal_error'
  if (error.status === 401) return 'session_required'
  return error.code === 'SESSION_NOT_FRESH' ? 'session_not_fresh' : 'unavailable'
}

/** The account page of the app that comes with this server. */
export const DEFAULT_CALLBACK = '/account#connected-services'

/** In the query, before a fragment. */
function withQuery(address: string, parameters: Record<string, string>): string {
  const [rest = '', ...fragment] = address.split('#')
  const separator = rest.includes('?') ? '&' : '?'
  return [`${rest}${separator}${new URLSearchParams(parameters)}`, ...fragment].join('#')
}
