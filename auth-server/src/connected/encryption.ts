import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { EncryptionKey } from '../env-connected.ts'

/** Where a value is kept. It counts for the row and the column that it was encrypted for, and nowhere else. */
export type Place = { userId: string; providerId: string; column: 'accessToken' | 'refreshToken' }

/** Nothing is known of the value, and nothing may be concluded: a key may be missing in this server's settings. */
export class Undecryptable extends Error {
  constructor(why: string, cause?: unknown) {
    super(`a value in the database cannot be decrypted: ${why}`, cause === undefined ? undefined : { cause })
    this.name = 'Undecryptable'
  }
}

const CIPHER = 'aes-256-gcm'
const [IV_BYTES, TAG_BYTES] = [12, 16]

/** AES-256-GCM by keys with versions: `version.base64url(iv, ciphertext, tag)`. */
export class KeyRing {
  readonly #keys: ReadonlyMap<string, Buffer>
  readonly #current: EncryptionKey | undefined

  constructor(keys: readonly EncryptionKey[]) {
    this.#keys = new Map(keys.map(({ version, key }) => [version, key]))
    this.#current = keys[0]
  }

  /** What begins with this was encrypted with the key that new values get. */
  get currentPrefix(): string {
    return `${this.#currentKey().version}.`
  }

  encrypt(text: string, place: Place): string {
    const { version, key } = this.#currentKey()
    const iv = randomBytes(IV_BYTES)
    const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES })
    cipher.setAAD(bound(version, place))
    const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
    return `${version}.${sealed.toString('base64url')}`
  }

  /** Throws Undecryptable. */
  decrypt(value: string, place: Place): string {
    const [version = '', encoded = ''] = value.split('.')
    const key = this.#keys.get(version)
    if (!key) throw new Undecryptable('ENCRYPTION_KEYS has no key of its version')
    const sealed = Buffer.from(encoded, 'base64url')
    try {
      const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
      decipher.setAAD(bound(version, place))
      decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
      return decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
    } catch (error) {
      throw new Undecryptable('it was changed, belongs to another row, or its key is another one', error)
    }
  }

  #currentKey(): EncryptionKey {
    // readEnv refuses to start without a key where one is needed.
    if (!this.#current) throw new Error('ENCRYPTION_KEYS is empty')
    return this.#current
  }
}

/** JSON, so that no two places have one text. */
function bound(version: string, { userId, providerId, column }: Place): Buffer {
  return Buffer.from(JSON.stringify([version, userId, providerId, column]))
}
