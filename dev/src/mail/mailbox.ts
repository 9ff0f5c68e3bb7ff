import { randomBytes } from 'node:crypto'
import PostalMime, { type Address, type Email } from 'postal-mime'

export type Contact = { Name: string; Address: string }
/** A mail in Mailpit's words, which scripts know. */
export type Mail = {
  ID: string
  MessageID: string
  From: Contact
  To: Contact[]
  Cc: Contact[]
  Bcc: Contact[]
  ReplyTo: Contact[]
  Subject: string
  Date: string
  Created: string
  Text: string
  HTML: string
  Size: number
  Attachments: { FileName: string; ContentType: string; Size: number }[]
}
type Envelope = { from: string; to: string[] }

export type Mailbox = {
  receive(raw: Buffer, envelope: Envelope): Promise<void>
  /** Newest first. */
  all(): Mail[]
  find(id: string): Mail | undefined
  search(query: string): Mail[]
  clear(): void
  /** Called after every change, until the function that it returns is called. */
  watch(onChange: () => void): () => void
}

/** Keeps the newest mails in memory, as many as fit into both limits. */
export function createMailbox(limits: { mails: number; bytes: number }): Mailbox {
  const mails: Mail[] = []
  let bytes = 0
  const watchers = new Set<() => void>()
  const changed = () => {
    for (const onChange of watchers) onChange()
  }

  async function receive(raw: Buffer, envelope: Envelope) {
    const mail = describe(await PostalMime.parse(raw), envelope, raw.length)
    mails.unshift(mail)
    bytes += mail.Size
    while (mails.length > limits.mails || (bytes > limits.bytes && mails.length > 1)) bytes -= mails.pop()?.Size ?? 0
    changed()
  }

  return {
    receive,
    all: () => mails,
    find: (id) => (id === 'latest' ? mails[0] : mails.find((mail) => mail.ID === id)),
    search: (query) => mails.filter((mail) => matches(mail, query)),
    clear: () => {
      mails.length = 0
      bytes = 0
      changed()
    },
    watch: (onChange) => {
      watchers.add(onChange)
      return () => watchers.delete(onChange)
    },
  }
}

function describe(email: Email, envelope: Envelope, size: number): Mail {
  const to = contacts(email.to)
  const named = new Set([...to, ...contacts(email.cc)].map((contact) => contact.Address.toLowerCase()))
  return {
    ID: randomBytes(11).toString('hex'),
    MessageID: email.messageId ?? '',
    From: contacts(email.from && [email.from])[0] ?? { Name: '', Address: envelope.from },
    To: to,
    Cc: contacts(email.cc),
    Bcc: envelope.to.filter((address) => !named.has(address.toLowerCase())).map((Address) => ({ Name: '', Address })),
    ReplyTo: contacts(email.replyTo),
    Subject: email.subject ?? '',
    Date: email.date ?? '',
    Created: new Date().toISOString(),
    Text: email.text ?? '',
    HTML: email.html ?? '',
    Size: size,
    Attachments: email.attachments.map(({ filename, mimeType, content }) => ({
      FileName: filename ?? '',
      ContentType: mimeType,
      Size: typeof content === 'string' ? content.length : content.byteLength,
    })),
  }
}

function contacts(addresses: Address[] | undefined): Contact[] {
  return (addresses ?? []).flatMap((entry) =>
    entry.group ? contacts(entry.group) : [{ Name: entry.name, Address: entry.address ?? '' }],
  )
}

/** Words must all occur; `to:`, `from:`, `subject:` look into one field only. Quotes hold words together. */
function matches(mail: Mail, query: string): boolean {
  const terms = query.toLowerCase().match(/(?:[^\s"]+|"[^"]*")+/g) ?? []
  return terms.every((term) => {
    const [, field = '', value = ''] = term.replaceAll('"', '').match(/^(?:(to|from|subject):)?(.*)$/s) ?? []
    return (searched(mail)[field] ?? '').toLowerCase().includes(value)
  })
}

function searched(mail: Mail): Record<string, string> {
  const addresses = (list: Contact[]) => list.map((contact) => `${contact.Name} <${contact.Address}>`).join(' ')
  return {
    to: addresses([...mail.To, ...mail.Cc, ...mail.Bcc]),
    from: addresses([mail.From]),
    subject: mail.Subject,
    '': [mail.Subject, mail.Text, addresses([mail.From, ...mail.To])].join('\n'),
  }
}
