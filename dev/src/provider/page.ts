import type { Look } from '../brand.ts'
import type { DemoAccount } from './demo.ts'
import { style } from './style.ts'

/** What a provider's own sign-in page does here: the user says who they are. */
export function choicePage(accounts: readonly DemoAccount[], look: Look): string {
  const items = accounts.map(
    ({ id, name, email, about }) => `<li><button name="account" value="${id}">
      <span class="who">${escapeHtml(name)}</span>
      <span class="what">${escapeHtml(email ? `${email} – ${about}` : about)}</span></button></li>`,
  )
  return page(
    look,
    'Choose an account',
    `<h1>Choose an account</h1><p>of the demo provider, to continue to ${escapeHtml(look.name)}. Everybody here is made up.</p>
    <form method="post"><ul>${items.join('')}</ul></form>
    <form method="post"><label for="email">Somebody else</label><div><input id="email" name="email" type="email" required
      placeholder="name@example.com" autocomplete="off"><button class="filled">Continue</button></div></form>
    <form method="post"><button class="plain" name="account" value="">Cancel</button></form>`,
  )
}

/** Where a service of another company hands out its keys. */
export function keyPage(key: string, look: Look): string {
  return page(
    look,
    'Your API key',
    `<h1>Your API key</h1><p>A new one with each visit, made up as everything here. Copy it, and paste it on the account page of
    ${escapeHtml(look.name)}.</p><p class="key"><code>${key}</code></p>`,
  )
}

export function problemPage(look: Look): string {
  return page(look, 'This sign-in is over', '<h1>This sign-in is over</h1><p>Go back to the app and begin again.</p>')
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}

function page(look: Look, title: string, content: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title} · Demo provider</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<style>:root { ${look.colours} } ${style}</style></head><body><main>${content}</main></body></html>`
}
