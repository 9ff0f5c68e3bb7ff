import { readFileSync } from 'node:fs'
import type { Brand } from './read.ts'

/** What a browser's tab shows. */
export function iconOf({ icon, name, colours }: Brand): { type: 'svg' | 'png'; content: Buffer } {
  if (icon) return { type: icon.type, content: readFileSync(icon.path) }
  return { type: 'svg', content: Buffer.from(letterIcon(name, colours.light)) }
}

/** One that can be read on light and dark tabs: a letter on the accent. */
function letterIcon(name: string, { accent, 'on-accent': text }: Brand['colours']['light']): string {
  const [letter = ''] = Array.from(name.toLocaleUpperCase('en'))
  const escaped = letter.replace(/[&<]/, (character) => `&#${character.charCodeAt(0)};`)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="${accent}"/><text x="16" y="22.5" fill="${text}" font-family="system-ui, sans-serif" font-size="19" font-weight="700" text-anchor="middle">${escaped}</text></svg>\n`
}
