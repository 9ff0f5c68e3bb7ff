import type { Client } from '../../api/client.ts'
import { readDate, readField, readList, readNothing, readNumber, readOptionalText, readText } from '../../api/read.ts'
import { isRefusal } from '../../api/request-error.ts'
import { type Device, readDevice } from '../device.ts'

export interface SignedInDevice extends Device {
  id: string
  isCurrent: boolean
  /** An administrator is signed in as the user. */
  isImpersonation: boolean
  ipAddress: string | null
  createdAt: Date
  lastUsedAt: Date
}

export interface DeviceList {
  /** The current one first, then the most recently used. */
  devices: SignedInDevice[]
  /** Of very many, the list has only the first. */
  total: number
}

export const fetchDevices = (auth: Client) => auth('GET', '/api/auth/devices', readDevices)

/** Also succeeds if the device is not signed in any more. */
export async function signOutDevice(auth: Client, id: string): Promise<void> {
  try {
    await auth('DELETE', `/api/auth/devices/${encodeURIComponent(id)}`, readNothing)
  } catch (error) {
    if (!isRefusal(error, [404])) throw error
  }
}

export const signOutOtherDevices = (auth: Client) => auth('POST', '/api/auth/devices/revoke-others', readNothing, {})

function readDevices(body: unknown): DeviceList {
  return { devices: readList(body, 'devices', readSignedIn), total: readNumber(body, 'total') }
}

function readSignedIn(body: unknown): SignedInDevice {
  return {
    ...readDevice(body),
    id: readText(body, 'id'),
    isCurrent: readField(body, 'isCurrent') === true,
    isImpersonation: readField(body, 'isImpersonation') === true,
    ipAddress: readOptionalText(body, 'ipAddress'),
    createdAt: readDate(body, 'createdAt'),
    lastUsedAt: readDate(body, 'lastUsedAt'),
  }
}
