import { createHmac } from 'node:crypto'
import { type Client, createClient, PASSWORD, signUp } from './client.ts'

type Servers = Parameters<typeof signUp>[0]

/** An authenticator app, apart from the code that checks it: a secret from the QR code, and what is shown in each half minute. */
class Authenticator {
  readonly #key: Buffer
  /** As better-auth holds it. */
  readonly secret: string

  constructor(uri: string) {
    this.#key = fromBase32(new URL(uri).searchParams.get('secret') ?? '')
    this.secret = this.#key.toString()
  }

  /** `ahead`: of the half minute after this one, or before it. */
  code(ahead = 0): string {
    const counter = Buffer.alloc(8)
    counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead))
    const digest = createHmac('sha1', this.#key).update(counter).digest()
    const offset = (digest[19] ?? 0) % 16
    return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
  }

  /** No code of the next minutes. */
  wrongCode(): string {
    const right = Array.from({ length: 10 }, (_, index) => this.code(index - 3))
    for (;;) {
      const code = String(Math.floor(Math.random() * 1_000_000)).padStart(6, '0')
      if (!right.includes(code)) return code
    }
  }
}

/** A new user, who has set an authenticator app up and is signed in. */
export async function signUpWithApp(servers: Servers) {
  const signedUp = await signUp(servers)
  const { app, backupCodes } = await setUp(signedUp.client)
  const { token } = (await (await confirmApp(signedUp.client, app)).json()) as { token: string }
  return { ...signedUp, bearer: token, app, backupCodes }
}

/** Turns on what was set up. */
export async function confirmApp(client: Client, app: Authenticator): Promise<Response> {
  // Not the code of this half minute: each is good once, and the tests need it.
  const confirm = () => client.post('/api/auth/two-factor/verify-totp', { body: { code: app.code(-1) } })
  const before = app.code()
  const first = await confirm()
  // The one before is refused where a half minute began on the way.
  const confirmed = first.status !== 200 && app.code() !== before ? await confirm() : first
  if (confirmed.status !== 200) throw new Error(`verify-totp returned ${confirmed.status}: ${await confirmed.text()}`)
  return confirmed
}

export async function setUp(client: Client, password = PASSWORD) {
  const response = await client.post('/api/auth/two-factor/enable', { body: { password } })
  if (response.status !== 200) throw new Error(`enable returned ${response.status}: ${await response.text()}`)
  const { totpURI, backupCodes } = (await response.json()) as { totpURI: string; backupCodes: string[] }
  return { app: new Authenticator(totpURI), totpURI, backupCodes }
}

/** Another browser, in which the password was right and the second factor comes next. */
export async function signInHalf(servers: Servers, email: string, client = createClient(servers), more: object = {}) {
  for (;;) {
    const response = await client.post('/api/auth/sign-in/email', { body: { email, password: PASSWORD, ...more } })
    // Of many at once, on a slow machine, some wait for their turn to hash longer than the queue lets them.
    if (response.status !== 503) return { client, response }
  }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

function fromBase32(text: string): Buffer {
  const bits = [...text].map((char) => ALPHABET.indexOf(char).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
