import { timingSafeEqual } from 'node:crypto'

/** One stored hash that was read: what it is, and whether a password is the one it was made of. */
export type StoredHash = {
  /** For metrics and `doctor`: never with anything of the value. */
  format: string
  /** What one comparison takes of a core, in milliseconds: an estimate, by which it is admitted. */
  costMs: number
  /** The password exactly as it was typed: each format has its own idea of normalization. */
  verify: (password: string) => Promise<boolean>
}

/** Reads the text of one format; undefined where it is not in it, or beyond its limits. */
export type Read = (text: string) => StoredHash | undefined

/** The bytes that nearly every older system hashed. */
export function utf8(password: string): Buffer {
  return Buffer.from(password, 'utf8')
}

/** Well-formed, and not what it says: 8 KiB for 16 lanes, base64 that ends in the middle of a byte. */
export class MalformedHash extends Error {}

export function isSame(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other)
}
