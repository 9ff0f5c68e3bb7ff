/** base64 with or without padding. undefined where a character or the length is none of it. */
export function fromBase64(text: string): Buffer | undefined {
  const bare = text.replace(/={0,2}$/, '')
  if (!/^[A-Za-z0-9+/]*$/.test(bare) || bare.length % 4 === 1) return undefined
  return Buffer.from(bare, 'base64')
}

/** passlib's: `.` for `+`, and no padding. */
export function fromAdaptedBase64(text: string): Buffer | undefined {
  return fromBase64(text.replaceAll('.', '+'))
}

export function fromHex(text: string): Buffer | undefined {
  return /^(?:[0-9a-f]{2})+$/i.test(text) ? Buffer.from(text, 'hex') : undefined
}

/** crypt(3)'s alphabet, in its order. */
export const CRYPT_64 = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
