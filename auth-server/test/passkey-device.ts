import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import type { Client } from './client.ts'

type Options = { challenge: string; rp?: { id: string }; rpId?: string }
/** What a device may do wrong, or an attacker with it. */
type Changes = { isUserVerified?: boolean; origin?: string; challenge?: string; rpId?: string }

const FLAGS = { present: 0x01, verified: 0x04, withKey: 0x40 }
const ORIGIN = 'http://localhost:3000'

/** A device with one passkey: as much of WebAuthn (ES256, attestation `none`) as a server sees of it. */
export class PasskeyDevice {
  readonly id = randomBytes(16).toString('base64url')
  readonly #key: KeyObject
  readonly #publicKey: KeyObject

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.#key = privateKey
    this.#publicKey = publicKey
  }

  /** As navigator.credentials.create() returns it, in JSON. */
  create({ challenge, rp }: Options, changes: Changes = {}) {
    const { x = '', y = '' } = this.#publicKey.export({ format: 'jwk' })
    const coseKey = cborMap([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x, 'base64url')],
      [-3, Buffer.from(y, 'base64url')],
    ])
    const id = Buffer.from(this.id, 'base64url')
    const length = Buffer.from([0, id.length])
    const credential = Buffer.concat([Buffer.alloc(16), length, id, coseKey])
    const data = Buffer.concat([authenticatorData(rp?.id ?? '', FLAGS.withKey, changes), credential])
    const attestation = cborMap([
      ['fmt', 'none'],
      ['attStmt', new Map<never, never>()],
      ['authData', data],
    ])
    const clientDataJSON = clientData('webauthn.create', challenge, changes)
    return this.#json({
      clientDataJSON,
      attestationObject: attestation.toString('base64url'),
      transports: ['internal'],
    })
  }

  /** As navigator.credentials.get() returns it, in JSON. */
  get({ challenge, rpId = '' }: Options, changes: Changes = {}) {
    const data = authenticatorData(rpId, 0, changes)
    const clientDataJSON = clientData('webauthn.get', challenge, changes)
    const hash = createHash('sha256').update(Buffer.from(clientDataJSON, 'base64url')).digest()
    const signature = sign('sha256', Buffer.concat([data, hash]), this.#key).toString('base64url')
    return this.#json({ clientDataJSON, authenticatorData: data.toString('base64url'), signature })
  }

  #json<Content>(response: Content) {
    return { id: this.id, rawId: this.id, type: 'public-key', response, clientExtensionResults: {} }
  }
}

/** A passkey of a user who is signed in. */
export async function addPasskey(client: Client, name = 'Phone') {
  const device = new PasskeyDevice()
  const options = await registrationOptions(client)
  const body = { response: device.create(options), name }
  const response = await client.post('/api/auth/passkey/verify-registration', { body })
  if (response.status !== 200)
    throw new Error(`verify-registration returned ${response.status}: ${await response.text()}`)
  return { device, id: ((await response.json()) as { id: string }).id }
}

export const registrationOptions = (client: Client) => optionsOf(client, 'register')
export const signInOptions = (client: Client) => optionsOf(client, 'authenticate')

async function optionsOf(client: Client, what: string): Promise<Options> {
  return (await (await client.get(`/api/auth/passkey/generate-${what}-options`)).json()) as Options
}

export const signInWith = (client: Client, response: unknown) =>
  client.post('/api/auth/passkey/verify-authentication', { body: { response } })

function authenticatorData(rpId: string, more: number, { isUserVerified = true, ...changes }: Changes): Buffer {
  const flags = FLAGS.present | (isUserVerified ? FLAGS.verified : 0) | more
  const hash = createHash('sha256')
    .update(changes.rpId ?? rpId)
    .digest()
  return Buffer.concat([hash, Buffer.from([flags]), Buffer.alloc(4)])
}

function clientData(type: string, challenge: string, changes: Changes): string {
  const data = { type, challenge: changes.challenge ?? challenge, origin: changes.origin ?? ORIGIN, crossOrigin: false }
  return Buffer.from(JSON.stringify(data)).toString('base64url')
}

type Cbor = number | string | Buffer | Map<never, never>

/** RFC 8949, as far as it is needed: small numbers, texts, bytes, and maps of them. */
function cborMap(entries: [Cbor, Cbor][]): Buffer {
  return Buffer.concat([head(5, entries.length), ...entries.flat().map(cbor)])
}

function cbor(value: Cbor): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string') return Buffer.concat([head(3, value.length), Buffer.from(value)])
  return value instanceof Buffer ? Buffer.concat([head(2, value.length), value]) : head(5, 0)
}

function head(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(major << 5) | length])
  return length < 256
    ? Buffer.from([(major << 5) | 24, length])
    : Buffer.from([(major << 5) | 25, length >> 8, length & 0xff])
}
