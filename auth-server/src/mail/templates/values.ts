import { PLACEHOLDER } from './parse.ts'

/** What stands in for the placeholders, by their names. */
export type Values = Readonly<Record<string, string>>

export function fill(text: string, values: Values): string {
  return text.replace(PLACEHOLDER, (_, name: string) => values[name] ?? '')
}

/** A header has one line. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
}

export function escapeAll(values: Values): Values {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, escapeHtml(value)]))
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
