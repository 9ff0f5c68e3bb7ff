import { createHash } from 'node:crypto'
import { CRYPT_64 } from '../formats/encodings.ts'

export type Phpass = { cost: number; salt: string }

/** phpass' portable hash, what stands behind the salt. At cost 13, WordPress', it takes 27 ms. */
export function phpass(password: Buffer, { cost, salt }: Phpass): string {
  let current = createHash('md5').update(salt).update(password).digest()
  for (let left = 2 ** cost; left > 0; left -= 1) current = createHash('md5').update(current).update(password).digest()
  let text = ''
  for (let index = 0; index < current.length; index += 3) {
    const bytes = current.subarray(index, index + 3)
    let value = bytes.reduce((sum, byte, at) => sum | (byte << (8 * at)), 0)
    for (let left = bytes.length + 1; left > 0; left -= 1) {
      text += CRYPT_64[value & 63]
      value >>= 6
    }
  }
  return text
}
