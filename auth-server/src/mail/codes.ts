import { createHash, createHmac, hkdfSync } from 'node:crypto'

/**
 * Codes in mails: six digits, typed in the browser that asked for them. A browser has a secret of its own for that, of which the
 * outbox has the hash; the database keeps of a code what nobody can try a million codes against without BETTER_AUTH_SECRET.
 */
const CODE_DIGITS = 6

/** As `mailOutbox.data` names it. */
export const browserOf = (secret: string) => createHash('sha256').update(secret).digest('base64url')

/** What `verification` keeps it under. One for each browser and address, so that nobody else's request ends it. */
export const codeIdentifier = (browser: string, email: string) => `sign-in-code:${browser}:${email}`

export function codeOf(serverSecret: string, seed: string): string {
  const digest = createHmac('sha256', keyOf(serverSecret, 'codes of mails')).update(seed).digest()
  return String(digest.readUIntBE(0, 6) % 10 ** CODE_DIGITS).padStart(CODE_DIGITS, '0')
}

export function hashOfCode(serverSecret: string, identifier: string, code: string): Buffer {
  return createHmac('sha256', keyOf(serverSecret, 'hashes of codes')).update(`${identifier}:${code}`).digest()
}

const keyOf = (serverSecret: string, purpose: string) => Buffer.from(hkdfSync('sha256', serverSecret, '', purpose, 32))
