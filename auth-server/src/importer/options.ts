import { parseArgs } from 'node:util'
import { UsageError } from '../errors.ts'
import type { System, Takes } from './system.ts'

type Duplicates = 'stop' | 'skip' | 'newest'
type Verified = 'all' | 'none'

/** What to do with an export. */
export type ImportOptions = {
  system: System
  /** A file, or the address of a database. */
  from: string
  /** Further files of the same export. */
  more: readonly string[]
  source: string
  isApplied: boolean
  isSure: boolean
  duplicates: Duplicates
  isLinking: boolean
  verified: Verified | undefined
  makesAdmins: boolean
  takesWeak: boolean
  idPrefix: string
  report: string | undefined
  table: string | undefined
  legacyKey: string | undefined
  files: Partial<Record<'hash-config' | 'passwords' | 'mapping', string>>
  /** Files are named relative to it. */
  folder: string
}

export type Wanted =
  | { act: 'import'; options: ImportOptions }
  | { act: 'undo'; run: number; isSure: boolean }
  | { act: 'runs' }
  | { act: 'help' }

const OPTIONS = {
  from: { type: 'string' },
  apply: { type: 'boolean' },
  yes: { type: 'boolean' },
  duplicates: { type: 'string' },
  link: { type: 'boolean' },
  verified: { type: 'string' },
  admins: { type: 'boolean' },
  'allow-weak': { type: 'boolean' },
  'id-prefix': { type: 'string' },
  source: { type: 'string' },
  report: { type: 'string' },
  table: { type: 'string' },
  'hash-config': { type: 'string' },
  passwords: { type: 'string' },
  mapping: { type: 'string' },
  'legacy-key': { type: 'string' },
  'relative-to': { type: 'string' },
  undo: { type: 'string' },
  runs: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

type Values = ReturnType<typeof parse>['values']

/** Throws UsageError with what is wrong about the command line. */
export function readOptions(args: string[], systems: readonly System[]): Wanted {
  const { values, positionals } = parse(args)
  const isEmpty = Object.keys(values).every((name) => name === 'relative-to') && positionals.length === 0
  if (values.help || isEmpty) return { act: 'help' }
  if (values.runs) return alone('runs', values, positionals, { act: 'runs' })
  if (values.undo !== undefined) {
    const run = readRun(values.undo)
    return alone('undo', values, positionals, { act: 'undo', run, isSure: values.yes === true })
  }
  const system = readSystem(values.from, systems)
  const [from, more] = readFrom(positionals, system)
  refuseUseless(values, system)
  const source = values.source ?? system.name
  if (!/^[a-z0-9][a-z0-9_-]{0,62}$/.test(source)) {
    throw new UsageError('--source: a name of lower-case letters, digits, - and _, with at most 63 characters')
  }
  const options: ImportOptions = {
    ...{ system, from, more, source },
    isApplied: values.apply === true,
    isSure: values.yes === true,
    duplicates: oneOf('duplicates', values.duplicates ?? 'stop', ['stop', 'skip', 'newest']),
    isLinking: values.link === true,
    verified: values.verified === undefined ? undefined : oneOf<Verified>('verified', values.verified, ['all', 'none']),
    makesAdmins: values.admins === true,
    takesWeak: values['allow-weak'] === true,
    idPrefix: readPrefix(values['id-prefix']),
    report: given('report', values.report),
    table: given('table', values.table),
    legacyKey: readKey(values['legacy-key']),
    files: filesOf(values),
    folder: values['relative-to'] ?? '.',
  }
  return { act: 'import', options }
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true })
  } catch (error) {
    // Node's own words name the option; what it adds about positionals that begin with a dash helps nobody here.
    const [sentence = 'unknown options'] = (error instanceof Error ? error.message : '').split(/\. To specify|\n/)
    throw new UsageError(sentence)
  }
}

function alone(option: 'runs' | 'undo', values: Values, positionals: string[], wanted: Wanted): Wanted {
  const others = Object.keys(values).filter((name) => ![option, 'relative-to', 'yes'].includes(name))
  if (others.length > 0 || positionals.length > 0) throw new UsageError(`--${option} stands alone`)
  return wanted
}

function readRun(run: string): number {
  if (!/^[1-9]\d{0,8}$/.test(run)) throw new UsageError('--undo: the number of a run; --runs lists them')
  return Number(run)
}

function readSystem(name: string | undefined, systems: readonly System[]): System {
  const known = `known are ${systems.map((system) => system.name).join(', ')}`
  if (name === undefined) throw new UsageError(`say which system made the export: --from SYSTEM; ${known}`)
  const found = systems.find((system) => system.name === name || system.aliases?.includes(name))
  if (found === undefined) throw new UsageError(`--from ${printable(name)}: no such system; ${known}`)
  return found
}

function readFrom(positionals: string[], system: System): [from: string, more: string[]] {
  const [from, ...more] = positionals
  if (from === undefined || from === '') throw new UsageError(`name the export of ${system.title}: ${system.exports}`)
  if (more.length > 0 && positionals.some(isAddress)) {
    throw new UsageError(`a database stands alone; not known what to do with: ${printable(more[0])}`)
  }
  return [from, more]
}

export const isAddress = (from: string) => /^[a-z][a-z0-9+]*:\/\//i.test(from)

/** An option that has no effect would make somebody believe that it had one. */
function refuseUseless(values: Values, system: System): void {
  const settings: Takes[] = ['passwords', 'mapping', 'hash-config', 'legacy-key', 'table']
  const useless = settings.find((name) => values[name] !== undefined && !system.takes.includes(name))
  if (useless !== undefined) throw new UsageError(`--${useless} has no meaning for ${system.name}`)
}

function oneOf<Word extends string>(name: string, value: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === value)
  if (found === undefined) throw new UsageError(`--${name}: ${words.join(', ')}; not ${printable(value)}`)
  return found
}

function given(name: string, value: string | undefined): string | undefined {
  if (value === '') throw new UsageError(`--${name}: the value is missing`)
  return value
}

/** Part of every id, of URLs and of log lines. */
function readPrefix(prefix = ''): string {
  if (!/^[A-Za-z0-9._-]{0,32}$/.test(prefix)) {
    throw new UsageError('--id-prefix: letters, digits, dots, - and _, at most 32')
  }
  return prefix
}

function readKey(number: string | undefined): string | undefined {
  if (number === undefined || /^[1-4]$/.test(number)) return number
  throw new UsageError('--legacy-key: 1, 2, 3 or 4, for LEGACY_KEY_1 to LEGACY_KEY_4')
}

function filesOf(values: Values): ImportOptions['files'] {
  const names = ['hash-config', 'passwords', 'mapping'] as const
  return Object.fromEntries(names.flatMap((name) => (values[name] ? [[name, values[name]]] : [])))
}

/** Of a command line, for a message: no control characters, and not without end. */
const printable = (text = '') => text.replaceAll(/\p{Cc}/gu, '?').slice(0, 60)
