import type { Rendered } from './templates/render.ts'

/**
 * - `refused`: this mail will never be accepted.
 * - `unavailable`: it was not accepted now, and may be later.
 * - `unknown`: it may have been accepted; the connection was lost before the server said so.
 */
export type Failure = { kind: 'refused' | 'unavailable' | 'unknown'; code: string }
export type Message = Rendered & { id: string; to: string }
export type Send = (message: Message, signal: AbortSignal) => Promise<Failure | undefined>

/** Of one step. Together they stay below the lease of a mail. */
const STEP_MS = 10_000
const WHOLE_MS = 60_000

type Address = { SMTP_URL: string; MAIL_FROM: string }

/** A connection for each mail: mails are rare, and a connection that is kept is lost when it is needed. */
export function createSend({ SMTP_URL, MAIL_FROM }: Address): Send {
  let opening: ReturnType<typeof openTransport> | undefined
  const domain = MAIL_FROM.slice(MAIL_FROM.lastIndexOf('@') + 1).replace(/>$/, '')
  return async ({ id, to, subject, text, html }, signal) => {
    opening ??= openTransport(SMTP_URL)
    const transport = await opening
    try {
      await transport.sendMail({
        signal: AbortSignal.any([signal, AbortSignal.timeout(WHOLE_MS)]),
        messageId: `<${id}@${domain}>`,
        from: MAIL_FROM,
        to: { name: '', address: to },
        subject,
        text,
        html,
        // RFC 3834: nothing that answers automatically answers this.
        headers: { 'Auto-Submitted': 'auto-generated' },
        disableFileAccess: true,
        disableUrlAccess: true,
      })
      return undefined
    } catch (error) {
      return failureOf(error)
    }
  }
}

/** With the first mail: many processes send none. */
async function openTransport(address: string, limits: object = {}) {
  const { default: nodemailer } = await import('nodemailer')
  return nodemailer.createTransport({ ...transportOptions(address), ...limits })
}

/** Greets the server, encrypts and signs in, as for a mail, and sends none. Throws where a mail could not be sent. */
export async function trySmtp({ SMTP_URL }: Pick<Address, 'SMTP_URL'>, milliseconds: number): Promise<void> {
  const names = ['connectionTimeout', 'greetingTimeout', 'socketTimeout', 'dnsTimeout']
  const transport = await openTransport(SMTP_URL, Object.fromEntries(names.map((name) => [name, milliseconds])))
  try {
    await transport.verify()
  } finally {
    transport.close()
  }
}

/** A password is never sent in the clear, unless to this machine. */
function transportOptions(address: string) {
  const { protocol, hostname, port, username, password } = new URL(address)
  const secure = protocol === 'smtps:'
  const host = hostname.replace(/^\[|\]$/g, '')
  return {
    host,
    port: Number(port) || (secure ? 465 : 587),
    secure,
    ...(username !== '' && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    requireTLS: !secure && username !== '' && !/^(?:localhost|127\..*|::1)$/.test(host),
    connectionTimeout: STEP_MS,
    greetingTimeout: STEP_MS,
    dnsTimeout: STEP_MS,
    socketTimeout: STEP_MS * 2,
  }
}

/** A 5xx about the recipient or the content is about this mail; one about the sender or the sign-in is the operator's. */
function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { kind: 'unknown', code: 'UNKNOWN' }
  const { responseCode, command = '', syscall, code = error.name } = error as SmtpError
  if (responseCode === undefined) {
    const isBeforeAnything = syscall === 'connect' || BEFORE_ANYTHING.test(code)
    return { kind: isBeforeAnything ? 'unavailable' : 'unknown', code }
  }
  const isAboutMail = responseCode >= 500 && /^(?:RCPT TO|DATA)$/.test(command)
  return { kind: isAboutMail ? 'refused' : 'unavailable', code: `${code} ${responseCode}` }
}

/** Its message repeats addresses, and is never logged. */
type SmtpError = Error & { responseCode?: number; command?: string; syscall?: string; code?: string }

/** Names that nobody knows, TLS that fails, a sign-in that is not possible. */
const BEFORE_ANYTHING = /^(?:EDNS|ENOTFOUND|EAI_AGAIN|ETLS|EAUTH|ENOAUTH|ECONFIG)$/
