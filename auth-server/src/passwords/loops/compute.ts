import { type Md5Crypt, md5Crypt } from './md5-crypt.ts'
import { type Phpass, phpass } from './phpass.ts'
import { type ShaCrypt, shaCrypt } from './sha-crypt.ts'

/** What no native code computes for us: thousands of digests in a row. */
export type Loop =
  | ({ kind: 'sha-crypt' } & ShaCrypt)
  | ({ kind: 'md5-crypt' } & Md5Crypt)
  | ({ kind: 'phpass' } & Phpass)

export function compute(password: Buffer, loop: Loop): string {
  if (loop.kind === 'sha-crypt') return shaCrypt(password, loop)
  return loop.kind === 'md5-crypt' ? md5Crypt(password, loop) : phpass(password, loop)
}
