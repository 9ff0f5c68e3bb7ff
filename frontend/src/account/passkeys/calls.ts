import type { Client } from '../../api/client.ts'
import { readDate, readField, readNothing, readText, UnexpectedResponse } from '../../api/read.ts'
import type { Refusals } from '../../components/form/error-details.ts'
import { InvalidForm } from '../../components/form/error-details.ts'
import {
  createPasskey,
  PasskeyCancelled,
  PasskeyExists,
  type PasskeyOptions,
  type PasskeyResponse,
} from '../../components/passkeys.ts'
import { passkeyTexts } from './texts.ts'

export interface Passkey {
  id: string
  name: string | null
  createdAt: Date
  lastUsedAt: Date | null
}

export const fetchPasskeys = (auth: Client) => auth('GET', '/api/auth/passkey/list-user-passkeys', readPasskeys)

/** Throws InvalidForm where the browser says no. */
export async function addPasskey(auth: Client, name: string): Promise<void> {
  const options = await auth('GET', '/api/auth/passkey/generate-register-options', readOptions)
  const response = await created(options)
  await auth('POST', '/api/auth/passkey/verify-registration', readNothing, { response, name })
}

async function created(options: PasskeyOptions): Promise<PasskeyResponse> {
  try {
    return await createPasskey(options)
  } catch (error) {
    if (error instanceof PasskeyExists) throw new InvalidForm([{ field: null, text: passkeyTexts.exists }])
    if (error instanceof PasskeyCancelled) throw new InvalidForm([{ field: null, text: passkeyTexts.cancelled }])
    throw error
  }
}

export const renamePasskey = (auth: Client, id: string, name: string) =>
  auth('POST', '/api/auth/passkey/update-passkey', readNothing, { id, name })

export const removePasskey = (auth: Client, id: string) =>
  auth('POST', '/api/auth/passkey/delete-passkey', readNothing, { id })

/** Throws InvalidForm. */
export function readName(form: FormData): string {
  const name = String(form.get(NAME_FIELD)).trim()
  if (name === '') throw new InvalidForm([{ field: NAME_FIELD, text: passkeyTexts.nameMissing }])
  return name
}

export const NAME_FIELD = 'passkey-name'

export const refusals: Refusals = {
  SESSION_NOT_FRESH: { field: null, text: passkeyTexts.notFresh },
  CHALLENGE_NOT_FOUND: { field: null, text: passkeyTexts.cancelled },
  LAST_WAY_IN: { field: null, text: passkeyTexts.lastWayIn },
  PASSKEY_NOT_FOUND: { field: null, text: passkeyTexts.gone },
}

function readOptions(body: unknown): PasskeyOptions {
  readText(body, 'challenge')
  return body as PasskeyOptions
}

function readPasskeys(body: unknown): Passkey[] {
  if (!Array.isArray(body)) throw new UnexpectedResponse('passkeys are not a list')
  return body.map(readPasskey)
}

function readPasskey(body: unknown): Passkey {
  return {
    id: readText(body, 'id'),
    name: readField(body, 'name') ? readText(body, 'name') : null,
    createdAt: readDate(body, 'createdAt'),
    lastUsedAt: readField(body, 'lastUsedAt') ? readDate(body, 'lastUsedAt') : null,
  }
}
