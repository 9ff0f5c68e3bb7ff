import { z } from 'zod'
import { type Columns, columnsOf, FIELDS, type Field, type Preferred } from './fields.ts'

/** What a field is read from: a column, whose values may be words of its own, or a value that all rows share. */
const Source = z.union([
  z.string(),
  z.strictObject({
    column: z.string(),
    true: z.array(z.string()).optional(),
    false: z.array(z.string()).optional(),
    timeZone: z.string().refine(isTimeZone, 'is no time zone such as Europe/Berlin').optional(),
  }),
  z.strictObject({ value: z.union([z.string(), z.boolean()]) }),
])
const MAKERS = ['django', 'werkzeug', 'wordpress', 'any'] as const
const Mapping = z
  .strictObject({
    hashes: z.enum(MAKERS).optional(),
    ...Object.fromEntries(FIELDS.map((field) => [field, Source.optional()])),
  })
  .transform((given) => given as Partial<Record<Field, z.output<typeof Source>>> & { hashes?: (typeof MAKERS)[number] })

export type MappedMaker = (typeof MAKERS)[number]
type Words = {
  true?: readonly string[] | undefined
  false?: readonly string[] | undefined
  timeZone?: string | undefined
}
/** What each field is read from, for the columns of one table. */
export type Reading = {
  columns: Columns
  words: Partial<Record<Field, Words>>
  constants: Partial<Record<Field, string | boolean>>
  hashes: MappedMaker | undefined
}

/** Why a mapping cannot be used, for the operator. */
export function mappingProblems(text: string | undefined): string[] {
  if (text === undefined) return []
  const value = jsonOf(text)
  if (value === undefined) return ['--mapping: the file is no JSON']
  const issues = Mapping.safeParse(value).error?.issues ?? []
  return issues.map((issue) => `--mapping: ${issue.path.join('.') || 'the file'}: ${whatIs(issue)}`)
}

function whatIs(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys')
    return `${issue.keys.join(', ')} is none of ${['hashes', ...FIELDS].join(', ')}`
  if (issue.code !== 'invalid_union') return issue.message
  return 'is the name of a column, {"column": …, "true": […], "false": […]}, or {"value": …}'
}

/** With a mapping its columns, and the usual names for what it leaves out. `missing`: columns that the table has not. */
export function readingOf(
  names: readonly string[],
  text: string | undefined,
  preferred: Preferred,
): Reading & { missing: string[] } {
  const given = text === undefined ? {} : Mapping.parse(jsonOf(text))
  const { hashes, ...fields } = given
  const [columns, words, constants]: [Columns, Reading['words'], Reading['constants']] = [{}, {}, {}]
  for (const [field, source] of Object.entries(fields) as [Field, z.output<typeof Source>][]) {
    if (typeof source === 'string') columns[field] = source
    else if ('value' in source) constants[field] = source.value
    else {
      columns[field] = source.column
      words[field] = source
    }
  }
  const mapped = new Set(Object.values(columns))
  const usual = columnsOf(
    names.filter((name) => !mapped.has(name)),
    preferred,
  )
  for (const field of Object.keys(constants) as Field[]) delete usual[field]
  const missing = [...mapped].filter((column) => !names.includes(column))
  return { columns: { ...usual, ...columns }, words, constants, hashes, missing }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    return undefined
  }
}

function isTimeZone(zone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }))
  } catch {
    return false
  }
}
