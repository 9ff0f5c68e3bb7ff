import { chosenProperties, schemeProperties } from './css.ts'
import type { Brand } from './read.ts'
import { type BrandFile, contentHash, type ShownBrand, shownOf } from './shown.ts'

/** The brand in built pages: a part of index.html, a rule of the style sheet, and a few pictures. The scripts have nothing of it. */
export interface PageParts {
  head: string
  /** For a build: the colours, and the rule that chooses among them. */
  style: string
  /** All of it that differs from brand to brand. */
  colours: string
  files: readonly BrandFile[]
}

/** In index.html, around all that is the brand's. No brand has such a comment in it: every `<` is escaped. */
const HEAD = /(<!-- brand -->).*?(<!-- \/brand -->)/s
/** As it is written below, and as a build minifies it. */
const COLOURS = /@layer brand\s*\{\s*:root\s*\{[^{}]*\}\s*\}/

export function pageParts(brand: Brand): PageParts {
  const { files, icon, shown } = shownOf(brand)
  // A layer, which a build merges with no other rule: so it is found again.
  const colours = `@layer brand {\n:root {\n${schemeProperties(brand.colours)}\n}\n}`
  const style = `${colours}\n:root {\n${chosenProperties(brand.colours)}\n}`
  return { head: headOf(brand, icon, shown), style, colours, files }
}

/** The page with this head in place of the one between its marks; undefined: it has none. */
export function withHead(html: string, head: string): string | undefined {
  if (!HEAD.test(html)) return undefined
  return html.replace(HEAD, (_, begin: string, end: string) => `${begin}\n    ${head}\n    ${end}`)
}

/** The style sheet with these colours in place of its own; undefined: it has none. */
export function withColours(css: string, colours: string): string | undefined {
  return COLOURS.test(css) ? css.replace(COLOURS, () => colours) : undefined
}

/** The files of the brand that the page was built with. */
export function filesIn(html: string): readonly string[] {
  return HEAD.exec(html)?.[0].match(/\/assets\/(?:logo|icon)-[0-9a-f]{8}\.(?:svg|png)/g) ?? []
}

/** The same file under a name for its new content: the old name stays that of the old content. */
export function renamed(path: string, content: string): string {
  return path.replace(/(?:-[\w-]{8})?(\.\w+)$/, (_, extension: string) => `-${contentHash(content)}${extension}`)
}

function headOf({ name, colours }: Brand, icon: BrandFile, shown: ShownBrand): string {
  const iconLink = (rel: string) => `<link rel="${rel}" href="${icon.path}" type="${icon.type}">`
  const theme = (scheme: 'light' | 'dark') =>
    `<meta name="theme-color" content="${colours[scheme].accent}" media="(prefers-color-scheme: ${scheme})">`
  return [
    `<title>${escapeHtml(name)}</title>`,
    `<meta name="application-name" content="${escapeHtml(name)}">`,
    theme('light'),
    theme('dark'),
    iconLink('icon'),
    // iOS takes no SVG.
    ...(icon.type === 'image/png' ? [iconLink('apple-touch-icon')] : []),
    // Data, no script: it runs nowhere, and the Content-Security-Policy has nothing to allow.
    `<script type="application/json" id="brand">${JSON.stringify(shown).replaceAll('<', '\\u003c')}</script>`,
  ].join('\n    ')
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}
