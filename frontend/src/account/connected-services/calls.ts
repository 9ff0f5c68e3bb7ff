import type { Client } from '../../api/client.ts'
import { readDate, readField, readList, readNothing, readOptionalText, readText } from '../../api/read.ts'
import { InvalidForm, type Refusals } from '../../components/form/error-details.ts'
import { leaveFor, readUrl } from '../../components/providers/calls.ts'
import { paths } from '../../paths.ts'
import { connectionTexts } from '../texts.ts'
import { serviceTexts } from './texts.ts'

/** A service that the user can connect, or has. */
export interface Service {
  id: string
  name: string
  /** null for one that is not offered any more: it can only be removed. */
  kind: 'oauth' | 'api-key' | null
  /** Where the user gets a key. */
  helpUrl: string | null
  connection: Connection | null
}

export interface Connection {
  since: Date
  /** Whose account it is there, in the words of the service. */
  account: string | null
  scopes: readonly string[]
  /** The last characters of a key. */
  keyHint: string | null
  isRevoked: boolean
}

const PATH = '/api/auth/connected-services'

export const fetchServices = (auth: Client) => auth('GET', PATH, (body) => readList(body, 'services', readService))

/** Leaves the page for the service's. Resolves if the user comes back to it as it was (with the browser's Back). */
export async function connectAt(auth: Client, service: string): Promise<void> {
  // Absolute: the auth server may have an origin of its own.
  const callbackURL = `${location.origin}${paths.account}#connected-services`
  await leaveFor(await auth('POST', `${PATH}/${service}/authorize`, readUrl, { callbackURL }))
}

export const sendKey = (auth: Client, service: string, key: string) =>
  auth('POST', `${PATH}/${service}/key`, readNothing, { key })

export const removeService = (auth: Client, service: string) => auth('DELETE', `${PATH}/${service}`, readNothing)

export const KEY_FIELD = 'service-key'

/** Throws InvalidForm. */
export function readKey(form: FormData): string {
  const key = String(form.get(KEY_FIELD)).trim()
  if (key === '') throw new InvalidForm([{ field: KEY_FIELD, text: serviceTexts.keyMissing }])
  return key
}

export const refusals: Refusals = {
  INVALID_API_KEY: { field: KEY_FIELD, text: serviceTexts.keyWrong },
  SESSION_NOT_FRESH: { field: null, text: connectionTexts.notFresh },
  SERVICE_NOT_CONNECTED: { field: null, text: serviceTexts.gone },
  SERVICE_UNAVAILABLE: { field: null, text: serviceTexts.unavailable },
}

function readService(body: unknown): Service {
  const [kind, connection] = [readField(body, 'kind'), readField(body, 'connection')]
  const helpUrl = readOptionalText(body, 'helpUrl')
  return {
    id: readText(body, 'id'),
    name: readText(body, 'name'),
    kind: kind === 'oauth' || kind === 'api-key' ? kind : null,
    helpUrl: helpUrl !== null && /^https?:\/\//.test(helpUrl) ? helpUrl : null,
    connection: connection == null ? null : readConnection(connection),
  }
}

function readConnection(body: unknown): Connection {
  const scopes = readField(body, 'scopes')
  return {
    since: readDate(body, 'since'),
    account: readOptionalText(body, 'account'),
    scopes: Array.isArray(scopes) ? scopes.filter((scope) => typeof scope === 'string') : [],
    keyHint: readOptionalText(body, 'keyHint'),
    isRevoked: readField(body, 'isRevoked') === true,
  }
}
