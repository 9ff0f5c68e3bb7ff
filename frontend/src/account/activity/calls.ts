import type { Client } from '../../api/client.ts'
import { readDate, readField, readList, readOptionalText, readText } from '../../api/read.ts'
import { type Device, readDevice } from '../device.ts'

export interface ActivityEvent extends Device {
  id: string
  /** One of contract/activity.json, or of a newer version of the auth server. */
  type: string
  createdAt: Date
  ipAddress: string | null
  byAdministrator: boolean
  /** It is about the session of this page. */
  isThisSession: boolean
  /** Of sessions that were ended: how many, and of one, what it was. */
  count: number
  device: Device | null
  /** Of a changed address: the new one. */
  email: string | null
  /** A sign-in in a browser that had not been signed in to this account. */
  isNewDevice: boolean
  /** Of a passkey, as its user calls it. */
  name: string | null
  /** Of a way to sign in: the id of the provider, or `credential` for a password. */
  provider: string | null
  /** Of a connected service: its id. */
  service: string | null
}

export interface ActivityPage {
  events: ActivityEvent[]
  nextCursor: string | null
}

const PAGE = '10'

export function fetchActivity(auth: Client, cursor: string | null): Promise<ActivityPage> {
  const query = new URLSearchParams({ limit: PAGE, ...(cursor && { cursor }) })
  return auth('GET', `/api/auth/activity?${query}`, readPage)
}

function readPage(body: unknown): ActivityPage {
  return { events: readList(body, 'events', readEvent), nextCursor: readOptionalText(body, 'nextCursor') }
}

function readEvent(body: unknown): ActivityEvent {
  const details = readField(body, 'details')
  const [count, device] = [readField(details, 'count'), readField(details, 'device')]
  return {
    ...readDevice(body),
    id: readText(body, 'id'),
    type: readText(body, 'type'),
    createdAt: readDate(body, 'createdAt'),
    ipAddress: readOptionalText(body, 'ipAddress'),
    byAdministrator: readField(body, 'byAdministrator') === true,
    isThisSession: readField(body, 'isThisSession') === true,
    count: typeof count === 'number' ? count : 1,
    device: device == null ? null : readDevice(device),
    email: readOptionalText(details, 'to'),
    isNewDevice: readField(details, 'newDevice') === true,
    name: readOptionalText(details, 'name'),
    provider: readOptionalText(details, 'provider'),
    service: readOptionalText(details, 'service'),
  }
}
