import { createHash } from 'node:crypto'
import { CRYPT_64 } from '../formats/encodings.ts'

export type Md5Crypt = { magic: '$1$' | '$apr1$'; salt: string }

const ORDER = [
  [0, 6, 12],
  [1, 7, 13],
  [2, 8, 14],
  [3, 9, 15],
  [4, 10, 5],
]

/** md5_crypt of BSD and Linux, and Apache's: what stands behind the last `$`. */
export function md5Crypt(password: Buffer, { magic, salt }: Md5Crypt): string {
  const hash = (...parts: (Buffer | string)[]) => {
    const hashing = createHash('md5')
    for (const part of parts) hashing.update(part)
    return hashing.digest()
  }
  const inner = hash(password, salt, password)
  const first: (Buffer | string)[] = [password, magic, salt, Buffer.alloc(password.length, inner)]
  for (let bits = password.length; bits > 0; bits >>= 1) {
    first.push(bits & 1 ? Buffer.alloc(1) : password.subarray(0, 1))
  }
  let current = hash(...first)
  for (let round = 0; round < 1000; round += 1) {
    const parts: (Buffer | string)[] = [round & 1 ? password : current]
    if (round % 3) parts.push(salt)
    if (round % 7) parts.push(password)
    parts.push(round & 1 ? current : password)
    current = hash(...parts)
  }
  const byte = (index: number) => current[index] ?? 0
  const groups = ORDER.map(([a = 0, b = 0, c = 0]) => encode((byte(a) << 16) | (byte(b) << 8) | byte(c), 4))
  return [...groups, encode(byte(11), 2)].join('')
}

function encode(given: number, length: number): string {
  let [value, text] = [given, '']
  for (let left = length; left > 0; left -= 1) {
    text += CRYPT_64[value & 63]
    value >>= 6
  }
  return text
}
