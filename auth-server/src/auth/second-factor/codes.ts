import { createHmac, randomInt, timingSafeEqual } from 'node:crypto'

const STEP_SECONDS = 30
const DIGITS = 6
const CODE = new RegExp(`^\\d{${DIGITS}}$`)

/** The code of an authenticator app (RFC 6238): of this half minute, or of the one before or after, since clocks differ. */
export function isTotpOf(secret: string, code: string): boolean {
  if (!CODE.test(code)) return false
  const step = Math.floor(Date.now() / 1000 / STEP_SECONDS)
  const given = Buffer.from(code)
  return [step - 1, step, step + 1].filter((at) => timingSafeEqual(Buffer.from(hotp(secret, at)), given)).length > 0
}

/** RFC 4226 §5.3, with the text of the secret as the key: what better-auth writes into the QR code. */
function hotp(secret: string, counter: number): string {
  const message = Buffer.alloc(8)
  message.writeBigUInt64BE(BigInt(counter))
  const digest = createHmac('sha1', secret).update(message).digest()
  const number = digest.readUInt32BE((digest.at(-1) ?? 0) & 0xf) & 0x7fffffff
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0')
}

const AMOUNT = 10
/** No letter or digit that looks like another. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'
const GROUP = 4
const GROUPS = 4

/**
 * 79 bits each: more than can be guessed. So they need no lock (NIST SP 800-63B-4 §3.1.2.2), and open an account whose six-digit codes are
 * locked because somebody else tries them.
 */
export function newBackupCodes(): string[] {
  const letter = () => ALPHABET[randomInt(ALPHABET.length)]
  return Array.from({ length: AMOUNT }, () => grouped(Array.from({ length: GROUP * GROUPS }, letter).join('')))
}

/** As it was given out, however it is typed: in any case, with or without dashes and spaces. */
export function backupCodeOf(typed: string): string {
  return grouped(typed.toLowerCase().replace(/[^a-z0-9]/g, ''))
}

function grouped(bare: string): string {
  return bare.match(new RegExp(`.{1,${GROUP}}`, 'g'))?.join('-') ?? ''
}
