import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isMailKind, KINDS, type MailKind } from '../kinds.ts'
import { isLanguage, LANGUAGES, type Language } from '../language.ts'
import { parseTemplate, placeholdersIn, type Template } from './parse.ts'
import { allowedIn, requiredIn } from './placeholders.ts'

/** By `kind.language`: what takes the place of a template. The HTML is a whole document with placeholders. */
export type OwnTemplates = Readonly<Record<string, { template?: Template; html?: string }>>

type File = { kind: MailKind; language: Language; extension: string; content: string }

/** The operator's templates, or every error of them. A folder that is named must be there. */
export function readOwnTemplates(folder: string): { value: OwnTemplates; errors: string[] } {
  const errors: string[] = []
  const value: Record<string, { template?: Template; html?: string }> = {}
  for (const name of namesIn(folder, errors)) {
    const file = readFile(folder, name)
    if (file === undefined) {
      errors.push(`${name} is no template: names are ${Object.keys(KINDS)[0]}.${LANGUAGES[0]}.txt or .html`)
      continue
    }
    errors.push(...errorsOf(file).map((error) => `${name} ${error}`))
    const key = `${file.kind}.${file.language}`
    const template = file.extension === 'txt' ? parseTemplate(file.content) : undefined
    value[key] = { ...value[key], ...(template ? { template } : { html: file.content }) }
  }
  return { value, errors }
}

function namesIn(folder: string, errors: string[]): string[] {
  if (existsSync(folder)) return readdirSync(folder).filter((name) => !name.startsWith('.'))
  errors.push('leads to no folder')
  return []
}

function readFile(folder: string, name: string): File | undefined {
  const [kind = '', language = '', extension = '', ...rest] = name.split('.')
  if (!isMailKind(kind) || !isLanguage(language) || !['txt', 'html'].includes(extension) || rest.length > 0) {
    return undefined
  }
  return { kind, language, extension, content: readFileSync(join(folder, name), 'utf8') }
}

function errorsOf({ kind, extension, content }: File): string[] {
  const used = placeholdersIn(content)
  const allowed = allowedIn(kind)
  const isHtml = extension === 'html'
  return [
    ...(isHtml || parseTemplate(content) ? [] : ['must begin with a line "Subject: …" and an empty line']),
    ...[...new Set(used)]
      .filter((name) => !allowed.includes(name) && !(isHtml && name === 'subject'))
      .map((name) => `has the placeholder {{${name}}}, which this mail does not know (${allowed.join(', ')})`),
    ...requiredIn(kind)
      .filter((name) => !used.includes(name))
      .map((name) => `lacks {{${name}}}`),
  ]
}
