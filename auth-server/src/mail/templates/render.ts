import type { Env } from '../../env.ts'
import type { MailKind } from '../kinds.ts'
import type { Language } from '../language.ts'
import { renderHtml } from './html.ts'
import type { OwnTemplates } from './own.ts'
import { type Block, parseTemplate, placeholdersIn, type Template } from './parse.ts'
import { GERMAN } from './texts-de.ts'
import { ENGLISH } from './texts-en.ts'
import { escapeAll, fill, oneLine, type Values } from './values.ts'

export type Rendered = { subject: string; text: string; html: string }

const BUILT_IN = { en: ENGLISH, de: GERMAN } as const

type Parts = { brand: Env['brand']; own: OwnTemplates }

/** A mail as text and as HTML, by the operator's template where there is one. */
export function createRender({ brand, own }: Parts) {
  return function render(kind: MailKind, language: Language, values: Values): Rendered {
    const { template: ownTemplate, html: ownHtml } = own[`${kind}.${language}`] ?? {}
    const { subject: written, blocks } = ownTemplate ?? builtIn(kind, language)
    const subject = oneLine(fill(written, values))
    const shown = blocks.filter((block) => hasValues(block, values))
    const html = ownHtml
      ? fill(ownHtml, escapeAll({ ...values, subject }))
      : renderHtml({ brand, language, subject, blocks: shown, values })
    return { subject, text: `${shown.map((block) => asText(block, values)).join('\n\n')}\n`, html }
  }
}

function builtIn(kind: MailKind, language: Language): Template {
  const template = parseTemplate(BUILT_IN[language][kind])
  if (!template) throw new Error(`the template ${kind} has no subject`)
  return template
}

/** One that would say nothing after its colon is left out. */
function hasValues(block: Block, values: Values): boolean {
  const names = block.kind === 'button' ? [block.target] : placeholdersIn(block.text)
  return names.every((name) => values[name] !== undefined && values[name] !== '')
}

function asText(block: Block, values: Values): string {
  return block.kind === 'button' ? `${block.label}:\n${values[block.target]}` : fill(block.text, values)
}
