import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '../paths.ts'
import { secrets } from '../settings/env-file.ts'
import { type Group, parseExample, type Setting } from './example.ts'
import { type Reader, type Rule, readers } from './readers.ts'

export const pagePath = join(repository, 'docs', 'settings.md')

const introduction = `<!-- Made by \`make settings-page\` from .env.example and the services' own schemas: change those, not this file. -->
# Settings

Every variable, with what it means ([\`.env.example\`](../.env.example) says the same), and the default and the values that its readers
accept. \`make up\` writes \`.env\` once from \`.env.example\`; a variable of the shell wins over \`.env\`.

- **Default** is what a reader uses when the variable is missing or empty. *required*: the service does not start without it; \`make up\`
  works out the URLs that \`.env\` leaves empty. *random*: \`make up\` writes a random one into a new \`.env\`.
- **Read by**: \`auth-server\`, \`backend\`, \`frontend\`; \`auth_sidecar\` is the package, in every service that has installed it, so in the
  backend too; \`make\` is the commands of the Makefile, and Docker Compose under them.
`

export async function settingsPage(): Promise<string> {
  return render(parseExample(readFileSync(join(repository, '.env.example'), 'utf8')), await readers())
}

export function render(groups: Group[], all: Reader[]): string {
  return [introduction, ...groups.map((group) => section(group, all))].join('\n')
}

function section({ title, introduction: lines, settings }: Group, all: Reader[]): string {
  const rows = settings.map((setting) => row(setting, all))
  const table = ['| name | default | values | read by | meaning |', '|---|---|---|---|---|', ...rows]
  const parts = [`## ${title}`, paragraphs(lines), settings.length > 0 ? table.join('\n') : '']
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

/** `NAME: text` on a line of its own is an item of a list. */
function paragraphs(lines: string[]): string {
  return linked(lines.join('\n')).replace(/^([A-Z][A-Z0-9_]+): /gm, '- `$1`: ')
}

function row(setting: Setting, all: Reader[]): string {
  const found = all.filter((reader) => setting.name in reader.rules)
  // What no program has in its schema goes into what the Makefile's commands start.
  const names = found.length > 0 ? found.map(({ name }) => name) : ['make']
  const rules = found.flatMap(({ rules }) => rules[setting.name] ?? [])
  const cells = [
    code(setting.name),
    defaultOf(setting, found),
    valuesOf(rules),
    names.join(', '),
    meaningOf(setting, rules),
  ]
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

/** Named with its reader where the readers differ. */
function defaultOf({ name, value }: Setting, found: Reader[]): string {
  const stated = found
    .filter((reader) => reader.name !== 'make')
    .flatMap((reader) => {
      const rule = reader.rules[name]
      return rule ? [{ reader: reader.name, text: statedBy(rule) }] : []
    })
  const isSame = new Set(stated.map(({ text }) => text)).size === 1
  const theirs = isSame
    ? stated.slice(0, 1).map(({ text }) => text)
    : stated.filter(({ text }) => text !== '').map(({ reader, text }) => `${reader}: ${text}`)
  const isKnown = value === '' || theirs.includes(code(value))
  const ours = isKnown ? [] : [theirs.join('') === '' ? code(value) : `\`.env.example\`: ${code(value)}`]
  const random = secrets.includes(name) ? ['random'] : []
  return [...theirs, ...ours, ...random].filter((part) => part !== '').join('; ')
}

function statedBy(rule: Rule): string {
  if (rule.isRequired) return 'required'
  return rule.default === '' ? '' : code(rule.default)
}

function valuesOf(rules: Rule[]): string {
  const values = rules.map(({ choices, range }) => choices.map(code).join(', ') || range)
  return [...new Set(values)].filter((text) => text !== '').join('; ')
}

/** `a | b | c` at the start of a comment has a column of its own, and must be what the readers accept. */
function meaningOf({ name, meaning }: Setting, rules: Rule[]): string {
  const [list = '', text] = /^((?:\w+ \| )+\w+)[.:]? ?(.*)$/.exec(meaning)?.slice(1) ?? []
  if (text === undefined) return linked(meaning)
  const listed = list.split(' | ').toSorted().join()
  for (const { choices } of rules) {
    if (choices.toSorted().join() !== listed)
      throw new Error(`.env.example lists other values for ${name} than its readers accept`)
  }
  return linked(text.replace(/^\w/, (first) => first.toUpperCase()))
}

/** From a path below docs/ to a link that leads there from the page. */
function linked(text: string): string {
  return text.replace(/\bdocs\/([\w-]+\.md)/g, '[$1]($1)')
}

function code(text: string): string {
  return `\`${text}\``
}
