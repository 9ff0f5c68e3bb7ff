import type { Env } from '../../env.ts'
import type { Language } from '../language.ts'
import { type Block, PLACEHOLDER } from './parse.ts'
import { ADDRESSES } from './placeholders.ts'
import { escapeHtml, type Values } from './values.ts'

type Parts = {
  brand: Env['brand']
  language: Language
  subject: string
  blocks: readonly Block[]
  values: Values
}

const GREYS = {
  light: { ground: '#f5f4f1', card: '#ffffff', edge: '#e2e0da', text: '#1d1e1b', quiet: '#5f605a' },
  dark: { ground: '#141512', card: '#1d1e1b', edge: '#3a3b37', text: '#eeede9', quiet: '#a9aaa3' },
} as const

const FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
const LINKS = {
  support: { en: 'Help', de: 'Hilfe' },
  terms: { en: 'Terms', de: 'Nutzungsbedingungen' },
  privacy: { en: 'Privacy', de: 'Datenschutz' },
} as const

/**
 * Tables and inline styles, which every mail program knows; those that know `prefers-color-scheme` get the dark colours. Nothing is
 * loaded from anywhere: an image would report who reads.
 */
export function renderHtml({ brand, language, subject, blocks, values }: Parts): string {
  const { light } = GREYS
  const [first] = blocks
  const preview = first?.kind === 'paragraph' ? fillEscaped(first.text, values) : ''
  const parts = blocks.map((block) => {
    if (block.kind === 'button') return button(block, brand, values)
    return block.kind === 'code' ? code(block.text, values) : paragraph(block.text)
  })
  const links = (['support', 'terms', 'privacy'] as const).flatMap((name) => {
    const href = brand.links[name]
    return href
      ? [`<a class="quiet" style="color:${light.quiet}" href="${escapeHtml(href)}">${LINKS[name][language]}</a>`]
      : []
  })
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(subject)}</title>
<style>${darkStyle(brand)}</style>
</head>
<body class="ground" style="margin:0;padding:0;background:${light.ground};color:${light.text};${FONT}">
<div style="display:none;max-height:0;overflow:hidden">${preview}</div>
<table role="presentation" class="ground" width="100%" cellspacing="0" cellpadding="0" style="background:${light.ground}"><tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellspacing="0" cellpadding="0" style="max-width:544px">
<tr><td style="padding:0 0 16px;font-size:18px;line-height:24px;font-weight:600;${FONT}"><span class="brand" style="color:${brand.colours.light['accent-text']}">${escapeHtml(brand.name)}</span></td></tr>
<tr><td class="card" style="padding:32px 32px 16px;background:${light.card};border:1px solid ${light.edge};border-radius:12px;text-align:left;${FONT}">
<h1 style="margin:0 0 16px;font-size:22px;line-height:30px;font-weight:600">${escapeHtml(subject)}</h1>
${parts.join('\n')}
</td></tr>
<tr><td class="quiet" style="padding:16px 0 0;font-size:14px;line-height:20px;color:${light.quiet};${FONT}">${[escapeHtml(brand.name), ...links].join(' · ')}</td></tr>
</table>
</td></tr></table>
</body>
</html>
`

  function paragraph(text: string): string {
    return `<p style="margin:0 0 16px;font-size:16px;line-height:24px;overflow-wrap:anywhere">${fillEscaped(text, values, brand.colours.light['accent-text'])}</p>`
  }
}

/** At least 44 px tall, and its address below it for programs that show no link. */
function button(
  { label, target }: Extract<Block, { kind: 'button' }>,
  { colours }: Env['brand'],
  values: Values,
): string {
  const href = escapeHtml(values[target] ?? '')
  return `<table role="presentation" cellspacing="0" cellpadding="0" style="margin:8px 0 24px"><tr><td class="button" style="background:${colours.light.accent};border-radius:8px"><a href="${href}" style="display:inline-block;padding:12px 24px;font-size:16px;line-height:24px;font-weight:600;text-decoration:none;color:${colours.light['on-accent']};${FONT}">${escapeHtml(label)}</a></td></tr></table>`
}

/** Large, its digits apart; a copy of it has no spaces. */
function code(text: string, values: Values): string {
  return `<p style="margin:8px 0 24px;font-size:32px;line-height:40px;font-weight:600;letter-spacing:6px;font-variant-numeric:tabular-nums">${fillEscaped(text, values)}</p>`
}

/** Escaped; what is an address becomes a link, where a colour is given for it. */
function fillEscaped(text: string, values: Values, linkColour?: string): string {
  return escapeHtml(text).replace(PLACEHOLDER, (_, name: string) => {
    const value = escapeHtml(values[name] ?? '')
    if (linkColour === undefined || !ADDRESSES.has(name)) return value
    const shown = value.replace(/^mailto:/, '')
    return `<a class="link" style="color:${linkColour}" href="${value}">${shown}</a>`
  })
}

function darkStyle({ colours: { dark: accent } }: Env['brand']): string {
  const { dark } = GREYS
  return `@media (prefers-color-scheme: dark) {
.ground { background: ${dark.ground} !important; color: ${dark.text} !important; }
.card { background: ${dark.card} !important; border-color: ${dark.edge} !important; color: ${dark.text} !important; }
.button { background: ${accent.accent} !important; }
.button a { color: ${accent['on-accent']} !important; }
.brand, .link { color: ${accent['accent-text']} !important; }
.quiet { color: ${dark.quiet} !important; }
}`
}
