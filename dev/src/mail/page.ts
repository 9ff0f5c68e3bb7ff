import type { Look } from '../brand.ts'
import type { Contact, Mail } from './mailbox.ts'
import { style } from './style.ts'

export type View = 'html' | 'text'

/** Every mail that has arrived, newest first. browser/inbox.js keeps it current, by the ids. */
export function listPage(mails: Mail[], look: Look): string {
  const rows = mails.map(
    (mail) => `<li id="mail-${mail.ID}"><a href="/mail/${mail.ID}">
      <span class="what">${escapeHtml(subjectOf(mail))}</span>
      <span class="who">${escapeHtml(`To ${names(recipients(mail))} from ${names([mail.From])}`)}</span>
      ${timeOf(mail)}</a></li>`,
  )
  const count = mails.length === 1 ? '1 mail' : `${mails.length} mails`
  const empty = '<li id="empty" class="empty">No mail yet. What the stack sends arrives here.</li>'
  return page(
    look,
    'Mail inbox',
    `<header><h1>Mail inbox</h1><p id="count" role="status">${count}</p></header>
    <p id="notice" role="status"></p><ol id="mails">${rows.join('') || empty}</ol>`,
  )
}

export function mailPage(mail: Mail, view: View, look: Look): string {
  const facts = [
    ['From', names([mail.From])],
    ['To', names(mail.To)],
    ['Cc', names(mail.Cc)],
    ['Bcc', names(mail.Bcc)],
    ['Reply to', names(mail.ReplyTo)],
    ['Attachments', mail.Attachments.map((file) => file.FileName).join(', ')],
  ].filter(([, value]) => value)
  const list = facts.map(([name = '', value = '']) => `<div><dt>${name}</dt><dd>${escapeHtml(value)}</dd></div>`)
  const subject = subjectOf(mail)
  return page(
    look,
    subject,
    `<header><h1>${escapeHtml(subject)}</h1>${toList}</header><dl>${list.join('')}<div><dt>Received</dt><dd>${timeOf(mail)}</dd></div></dl>
    ${body(mail, view)}`,
  )
}

export function missingPage(what: 'mail' | 'page', look: Look): string {
  const titles = { mail: 'This mail is not here', page: 'There is nothing here' }
  const reasons = {
    mail: 'The inbox keeps the newest mails, and only until it is stopped.',
    page: 'The inbox has a list, and a page for each mail.',
  }
  return page(
    look,
    titles[what],
    `<header><h1>${titles[what]}</h1></header><div class="card"><p>${reasons[what]}</p>${toList}</div>`,
  )
}

/** The sender's HTML stands in a frame that may do nothing: no scripts, no forms, no access to this page. */
function body(mail: Mail, view: View): string {
  const text = `<pre tabindex="0">${linked(escapeHtml(mail.Text))}</pre>`
  if (!mail.HTML) return text
  const base = '<base target="_blank"><meta name="color-scheme" content="light">'
  const frame = `<iframe title="The mail as HTML" sandbox="allow-popups allow-popups-to-escape-sandbox" srcdoc="${escapeHtml(base + mail.HTML)}"></iframe>`
  return mail.Text ? views(mail, view) + (view === 'html' ? frame : text) : frame
}

function views(mail: Mail, view: View): string {
  const link = (name: View, label: string) =>
    `<a href="/mail/${mail.ID}?view=${name}"${name === view ? ' aria-current="page"' : ''}>${label}</a>`
  return `<nav aria-label="Show the mail">${link('html', 'As HTML')}${link('text', 'As text')}</nav>`
}

const toList = '<a href="/">All mails</a>'
const subjectOf = (mail: Mail) => mail.Subject || '(no subject)'
const recipients = ({ To, Cc, Bcc }: Mail) => [To, Cc, Bcc].find((list) => list.length > 0) ?? []

function names(contacts: Contact[]): string {
  return contacts.map(({ Name, Address }) => (Name ? `${Name} <${Address}>` : Address)).join(', ')
}

/** For readers without scripts; browser/inbox.js writes it in their language and time zone. */
function timeOf({ Created }: Mail): string {
  return `<time datetime="${Created}">${Created.slice(0, 16).replace('T', ' ')} UTC</time>`
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}

function linked(escaped: string): string {
  return escaped.replace(
    /\bhttps?:\/\/(?:(?!&(?:lt|gt|quot|#39);)[^\s])+/g,
    (url) => `<a href="${url}" rel="noreferrer">${url}</a>`,
  )
}

function page(look: Look, title: string, content: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(`${title} · ${look.name}`)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="${look.icon}">
<style>:root { ${look.colours} } ${style}</style><script type="module" src="/inbox.js"></script></head>
<body><main><a class="brand" href="/"><img src="${look.icon}" alt="" width="24" height="24">${escapeHtml(look.name)}</a>
${content}</main></body></html>`
}
