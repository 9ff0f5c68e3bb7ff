import { createHash } from 'node:crypto'
import { CRYPT_64 } from '../formats/encodings.ts'

export type ShaCrypt = { digest: 'sha256' | 'sha512'; rounds: number; salt: string }

/** Which bytes of the digest stand where in the text: https://www.akkadia.org/drepper/SHA-crypt.txt */
// biome-ignore format: a table reads by rows
const ORDERS = {
  sha256: [
    [0, 10, 20], [21, 1, 11], [12, 22, 2], [3, 13, 23], [24, 4, 14], [15, 25, 5], [6, 16, 26], [27, 7, 17], [18, 28, 8],
    [9, 19, 29], [31, 30],
  ],
  sha512: [
    [0, 21, 42], [22, 43, 1], [44, 2, 23], [3, 24, 45], [25, 46, 4], [47, 5, 26], [6, 27, 48], [28, 49, 7], [50, 8, 29],
    [9, 30, 51], [31, 52, 10], [53, 11, 32], [12, 33, 54], [34, 55, 13], [56, 14, 35], [15, 36, 57], [37, 58, 16],
    [59, 17, 38], [18, 39, 60], [40, 61, 19], [62, 20, 41], [63],
  ],
}

/** sha256_crypt and sha512_crypt, what stands behind the last `$`. Computes for up to two seconds. */
export function shaCrypt(password: Buffer, { digest, rounds, salt }: ShaCrypt): string {
  const hash = (...parts: Buffer[]) => {
    const hashing = createHash(digest)
    for (const part of parts) hashing.update(part)
    return hashing.digest()
  }
  const saltBytes = Buffer.from(salt)
  const b = hash(password, saltBytes, password)
  const a = [password, saltBytes, repeated(b, password.length)]
  for (let bits = password.length; bits > 0; bits >>= 1) a.push(bits & 1 ? b : password)
  let current = hash(...a)
  const p = repeated(hash(...Array<Buffer>(password.length).fill(password)), password.length)
  const s = repeated(hash(...Array<Buffer>(16 + (current[0] ?? 0)).fill(saltBytes)), saltBytes.length)
  for (let round = 0; round < rounds; round += 1) {
    const parts = [round & 1 ? p : current]
    if (round % 3) parts.push(s)
    if (round % 7) parts.push(p)
    parts.push(round & 1 ? current : p)
    current = hash(...parts)
  }
  return ORDERS[digest].map((bytes) => encode(bytes.map((index) => current[index] ?? 0))).join('')
}

function repeated(bytes: Buffer, length: number): Buffer {
  return Buffer.alloc(length, bytes)
}

/** Three bytes as four characters, two as three, one as two: the last first. */
function encode(bytes: number[]): string {
  let value = bytes.reduce((sum, byte) => (sum << 8) | byte, 0)
  let text = ''
  for (let left = bytes.length + 1; left > 0; left -= 1) {
    text += CRYPT_64[value & 63]
    value >>= 6
  }
  return text
}
