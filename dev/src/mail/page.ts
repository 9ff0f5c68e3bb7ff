import type { Look } from '../brand.ts'
import type { Contact, Mail } from './mailbox.ts'

/** Every mail that has arrived, newest first. Refreshes automatically. */
export function listPage(mails: Mail[], look: Look): string {
  const rows = mails.map(
    (mail) => `<li><a href="/mail/${mail.ID}">
      <span class="who">${escapeHtml(names(mail.To))}</span>
      <span class="what">${escapeHtml(mail.Subject || '(no subject)')}</span>
      <time datetime="${mail.Created}">${clock(mail)}</time></a></li>`,
  )
  const count = mails.length === 1 ? '1 mail' : `${mails.length} mails`
  const list =
    rows.length > 0
      ? `<ol>${rows.join('')}</ol>`
      : '<p class="empty">No mail yet. What the stack sends arrives here.</p>'
  return page(
    look,
    'Mail inbox',
    `<header><h1>Mail inbox</h1><p>${count}</p></header>${list}`,
    '<meta http-equiv="refresh" content="5">',
  )
}

export function mailPage(mail: Mail, look: Look): string {
  const facts = [
    ['From', names([mail.From])],
    ['To', names(mail.To)],
    ['Received', `${mail.Created.slice(0, 10)} ${clock(mail)}`],
    ['Attachments', mail.Attachments.map((file) => file.FileName).join(', ')],
  ].filter(([, value]) => value)
  const list = facts.map(([name = '', value = '']) => `<div><dt>${name}</dt><dd>${escapeHtml(value)}</dd></div>`)
  const subject = mail.Subject || '(no subject)'
  return page(
    look,
    subject,
    `<header><h1>${escapeHtml(subject)}</h1><p><a href="/">All mails</a></p></header><dl>${list.join('')}</dl>${body(mail)}`,
  )
}

/** The sender's HTML stands in a frame that may do nothing: no scripts, no forms, no access to this page. */
function body(mail: Mail): string {
  const text = mail.Text ? `<pre>${linked(escapeHtml(mail.Text))}</pre>` : ''
  const base = '<base target="_blank"><meta name="color-scheme" content="light">'
  const frame = mail.HTML
    ? `<iframe title="The mail as HTML" sandbox="allow-popups allow-popups-to-escape-sandbox" srcdoc="${escapeHtml(base + mail.HTML)}"></iframe>`
    : ''
  if (!frame) return text
  return text ? `${frame}<details><summary>As text</summary>${text}</details>` : frame
}

function names(contacts: Contact[]): string {
  return contacts.map(({ Name, Address }) => (Name ? `${Name} <${Address}>` : Address)).join(', ')
}

function clock(mail: Mail): string {
  return new Date(mail.Created).toTimeString().slice(0, 8)
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

function page(look: Look, title: string, content: string, head = ''): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">${head}<title>${escapeHtml(`${title} · ${look.name}`)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>:root { ${look.colours} } ${style}</style></head>
<body><main>${content}</main></body></html>`
}

const style = `
:root { color-scheme: light dark; --line: light-dark(#e3e5e8, #33373d); --soft: light-dark(#5c6370, #a0a6b0);
  --link: var(--accent-text); --card: light-dark(#fff, #1e2125) }
* { box-sizing: border-box }
body { margin: 0; background: light-dark(#f5f6f8, #15171a); color: light-dark(#1c1f24, #e8eaed); font: 16px/1.5 system-ui, sans-serif }
main { max-width: 800px; margin: 0 auto; padding: 32px 16px }
header { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 0 16px; margin-bottom: 16px }
h1 { font-size: 24px; line-height: 1.3; margin: 0; overflow-wrap: anywhere }
header p, .empty, time, dt { color: var(--soft); margin: 0 }
a { color: var(--link) }
ol { list-style: none; margin: 0; padding: 0 }
ol, dl, pre, iframe, .empty { background: var(--card); border: 1px solid var(--line); border-radius: 12px; overflow: hidden }
li + li { border-top: 1px solid var(--line) }
li a { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr) auto; gap: 16px; padding: 12px 16px; color: inherit; text-decoration: none }
li a:hover { background: light-dark(#f0f2f7, #262a30) }
a:focus-visible { outline: 3px solid var(--link); outline-offset: -3px }
.who, .what { overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.what { font-weight: 600 }
.empty { padding: 48px 16px; text-align: center }
dl { margin: 0 0 16px; padding: 12px 16px }
dl div { display: grid; grid-template-columns: 112px 1fr; gap: 16px }
dd { margin: 0; overflow-wrap: anywhere }
pre { margin: 0; padding: 16px; white-space: pre-wrap; overflow-wrap: anywhere; font: inherit }
iframe { width: 100%; height: 60vh; background: #fff }
details { margin-top: 16px } summary { cursor: pointer; padding: 8px 0; color: var(--soft) }
@media (max-width: 560px) { li a { grid-template-columns: 1fr auto; gap: 0 16px } .what { grid-row: 2; grid-column: 1 / 3 } }
`
