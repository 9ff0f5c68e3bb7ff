/** WebAuthn, between the JSON of the auth server and the bytes of the browser. Not every browser in use has parse…FromJSON(). */

interface Described {
  id: string
  transports?: AuthenticatorTransport[]
}

/** As the auth server sends it. */
export interface PasskeyOptions {
  challenge: string
  rpId?: string
  rp?: PublicKeyCredentialRpEntity
  user?: { id: string; name: string; displayName: string }
  pubKeyCredParams?: PublicKeyCredentialParameters[]
  authenticatorSelection?: AuthenticatorSelectionCriteria
  excludeCredentials?: Described[]
  allowCredentials?: Described[]
  timeout?: number
}

/** What the auth server verifies. */
export type PasskeyResponse = Record<string, unknown>

/** The user closed the browser's dialog, or let it wait too long; a browser does not say which. */
export class PasskeyCancelled extends Error {}

/** The device has a passkey for this account already. */
export class PasskeyExists extends Error {}

export const hasPasskeys = () => typeof PublicKeyCredential === 'function'

/** The browser can offer passkeys in the field for the address. */
export async function canAutofill(): Promise<boolean> {
  return hasPasskeys() && (await PublicKeyCredential.isConditionalMediationAvailable?.()) === true
}

export async function createPasskey(options: PasskeyOptions): Promise<PasskeyResponse> {
  const { challenge, rp, user, pubKeyCredParams = [], authenticatorSelection, timeout } = options
  const credential = await ask(() =>
    navigator.credentials.create({
      publicKey: {
        challenge: toBytes(challenge),
        rp: rp ?? { name: '' },
        user: { name: '', displayName: '', ...user, id: toBytes(user?.id ?? '') },
        pubKeyCredParams,
        excludeCredentials: described(options.excludeCredentials),
        ...(authenticatorSelection && { authenticatorSelection }),
        ...(timeout && { timeout }),
      },
    }),
  )
  const response = credential.response as AuthenticatorAttestationResponse
  return inJson(credential, {
    attestationObject: toText(response.attestationObject),
    transports: response.getTransports?.() ?? [],
  })
}

/** @param signal with one, the browser offers it in the field for the address; without, it asks at once. */
export async function getPasskey(options: PasskeyOptions, signal?: AbortSignal): Promise<PasskeyResponse> {
  const { challenge, rpId, timeout } = options
  const credential = await ask(() =>
    navigator.credentials.get({
      ...(signal && { mediation: 'conditional', signal }),
      publicKey: {
        challenge: toBytes(challenge),
        allowCredentials: described(options.allowCredentials),
        // A passkey is both factors only where the device checks who holds it.
        userVerification: 'required',
        ...(rpId && { rpId }),
        ...(timeout && { timeout }),
      },
    }),
  )
  const response = credential.response as AuthenticatorAssertionResponse
  return inJson(credential, {
    authenticatorData: toText(response.authenticatorData),
    signature: toText(response.signature),
    ...(response.userHandle && { userHandle: toText(response.userHandle) }),
  })
}

async function ask(request: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const credential = await request()
    if (!(credential instanceof PublicKeyCredential)) throw new PasskeyCancelled()
    return credential
  } catch (cause) {
    if (!(cause instanceof DOMException)) throw cause
    if (cause.name === 'InvalidStateError') throw new PasskeyExists('exists', { cause })
    throw new PasskeyCancelled('cancelled', { cause })
  }
}

function inJson({ id, rawId, type, response }: PublicKeyCredential, more: object): PasskeyResponse {
  const clientDataJSON = toText(response.clientDataJSON)
  return { id, rawId: toText(rawId), type, response: { clientDataJSON, ...more }, clientExtensionResults: {} }
}

function described(credentials: Described[] = []): PublicKeyCredentialDescriptor[] {
  return credentials.map(({ id, transports }) => ({
    type: 'public-key',
    id: toBytes(id),
    ...(transports && { transports }),
  }))
}

/** base64url (RFC 4648 §5), without padding. */
export function toBytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (char) => char.charCodeAt(0))
}

export function toText(bytes: ArrayBuffer): string {
  const binary = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join('')
  return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}
