import { z } from 'zod'
import { TABLES } from './database/naming/tables.ts'
import { readList } from './env-list.ts'
import { isIdentifier, isSystemColumn } from './env-names.ts'

type Given = Record<string, string | undefined>

/** A column of "user" that a team adds, and who sets and sees it. */
export type UserField = {
  name: string
  type: 'string' | 'number' | 'boolean' | 'date' | 'json'
  /** As JSON has it; a date as ISO 8601, or `now`. */
  default?: unknown
  required: boolean
  unique: boolean
  /** Of a string, in characters. */
  maxLength: number
  /** May stand in a sign-up, and in what a user changes later. */
  signUp: boolean
  update: boolean
  /** Part of what a session check returns. */
  services: boolean
}

const MAX_TEXT = 2000
/** Of a value in JSON: what is sent and kept of one user has a bound. */
const MAX_JSON_BYTES = 4096
/** Of all that services see of one user, at worst. The sidecar takes responses of up to 64 KB. */
const MAX_VISIBLE_BYTES = 32_768
/** Bytes of a character in JSON: what is no control character takes four, an escaped one six. */
const BYTES_OF_CHARACTER = 6

/** What ISO 8601 writes in four digits, and Python has: PostgreSQL would make a year before Christ of the year 0. */
const [EARLIEST, LATEST] = [Date.parse('0001-01-01T00:00:00.000Z'), Date.parse('9999-12-31T23:59:59.999Z')]
const Configured = z.array(
  z.strictObject({
    name: z.string(),
    type: z.enum(['string', 'number', 'boolean', 'date', 'json'], {
      error: 'must be string, number, boolean, date or json',
    }),
    default: z.unknown().optional(),
    required: z.boolean().default(false),
    unique: z.boolean().default(false),
    maxLength: z.int().min(1).max(MAX_TEXT).default(255),
    signUp: z.boolean().default(false),
    update: z.boolean().default(false),
    services: z.boolean().default(false),
  }),
)

/** The additional fields of a user; or what of them cannot be used. */
export function userFieldsOf(given: Given): { value: UserField[]; errors: string[] } {
  const setting = given.AUTH_USER_FIELDS
  if (setting === undefined) return { value: [], errors: [] }
  const json = readList(setting)
  if (json === undefined) {
    return { value: [], errors: ['AUTH_USER_FIELDS must be a JSON list of fields, or the path of a file with one'] }
  }
  const parsed = Configured.safeParse(json)
  const issues = parsed.error?.issues ?? []
  const value = parsed.data ?? []
  const errors = [
    ...issues.map(({ path, message }) => `${nameAt(json, path)}: ${message}`),
    ...value.flatMap((field) =>
      fieldErrors(field, value, given).map((error) => `AUTH_USER_FIELDS ${field.name}: ${error}`),
    ),
    ...sizeErrors(value),
  ]
  return {
    value: value.map(({ default: initial, ...field }) => ({
      ...field,
      ...(initial !== undefined && { default: initial }),
    })),
    errors,
  }
}

function nameAt(json: unknown, [index, ...path]: PropertyKey[]): string {
  const entry = Array.isArray(json) ? (json[Number(index)] as { name?: unknown } | undefined) : undefined
  const name = typeof entry?.name === 'string' ? entry.name : String(index ?? '')
  return ['AUTH_USER_FIELDS', name, path.join('.')].filter((part) => part !== '').join(' ')
}

/** Of better-auth's requests, and what stands beside the fields in a response. */
const TAKEN = ['id', 'password', 'callbackURL', 'rememberMe', 'token', 'data', 'fields', 'accounts', 'sessions']

function fieldErrors(field: UserField, all: readonly UserField[], given: Given): string[] {
  const { name, type, required } = field
  const builtIn: readonly string[] = TABLES.user
  const isTaken = [...builtIn, ...TAKEN].some((taken) => taken.toLowerCase() === name.toLowerCase()) || name in {}
  const isTwice = all.filter((other) => other.name.toLowerCase() === name.toLowerCase()).length > 1
  const hasDefault = field.default !== undefined && field.default !== null
  return [
    ...(isIdentifier(name) ? [] : ['a name has letters, digits and _ only, no digit first, and at most 63 of them']),
    ...(isTaken ? ['is a name that a user has already'] : []),
    ...(isSystemColumn(name) ? ['is a column that PostgreSQL has in every table'] : []),
    ...(isTwice ? ['is there twice'] : []),
    ...(type !== 'string' && type !== 'number' && field.unique ? ['only a string or a number can be unique'] : []),
    ...(hasDefault && field.unique ? ['a unique field has no default: the second user would have the same'] : []),
    ...(hasDefault && !isOfType(field, field.default) ? [`its default is no ${described(field)}`] : []),
    ...(required && !hasDefault ? requiredErrors(field, given) : []),
  ]
}

/** Whoever makes a user has to have a value for it. */
function requiredErrors({ signUp }: UserField, given: Given): string[] {
  if (!signUp) return ['is required, so it needs a default, or signUp']
  const providers = ['GOOGLE_CLIENT_ID', 'GITHUB_CLIENT_ID', 'MICROSOFT_CLIENT_ID', 'APPLE_CLIENT_ID', 'OIDC_PROVIDERS']
  const provider = providers.find((name) => given[name] !== undefined)
  return provider ? [`is required, so it needs a default: who comes by ${provider} is not asked for it`] : []
}

function described({ type, maxLength }: UserField): string {
  if (type === 'string') return `string of at most ${maxLength} characters`
  if (type === 'date') return 'date in ISO 8601 of the years 1 to 9999, or now'
  return type === 'json' ? `JSON object or list of at most ${MAX_JSON_BYTES} bytes` : type
}

/** As JSON has it. */
function isOfType(field: UserField, value: unknown): boolean {
  if (field.type === 'date' && value === 'now') return true
  return valueSchema(field).safeParse(value).success
}

const UNSTORED = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/

/** A value that is no null. A date comes as ISO 8601, or as what it became. */
export function valueSchema({ name, type, maxLength }: UserField) {
  switch (type) {
    case 'string':
      return z
        .string({ error: `${name} must be a string.` })
        .refine((text) => [...text].length <= maxLength, `${name} may have at most ${maxLength} characters.`)
        .refine((text) => !/\p{Cs}/u.test(text), `${name} must have whole characters.`)
        .refine((text) => !/\p{Cc}/u.test(text.replace(/[\t\n\r]/g, '')), `${name} must have no control characters.`)
    case 'number':
      return z.number({ error: `${name} must be a number.` })
    case 'boolean':
      return z.boolean({ error: `${name} must be true or false.` })
    case 'date':
      return z
        .union([z.date(), z.iso.datetime({ offset: true }).transform((text) => new Date(text))], {
          error: `${name} must be a time in ISO 8601, such as 2026-01-31T12:00:00Z.`,
        })
        .refine(
          (date) => date.getTime() >= EARLIEST && date.getTime() <= LATEST,
          `${name} must be in the years 1 to 9999.`,
        )
    case 'json':
      return (
        z
          .union([z.record(z.string(), z.unknown()), z.array(z.unknown())], {
            error: `${name} must be a JSON object or list.`,
          })
          // Of what a text in JSON can have, jsonb takes neither NUL nor half of a character.
          .refine((json) => !UNSTORED.test(JSON.stringify(json)), `${name} has characters that cannot be stored.`)
          .refine(
            (json) => Buffer.byteLength(JSON.stringify(json, inDigits)) <= MAX_JSON_BYTES,
            `${name} may have at most ${MAX_JSON_BYTES} bytes as JSON.`,
          )
      )
  }
}

/** jsonb keeps each number in digits: 1e300 takes 301. Here a text of about so many stands for it. */
function inDigits(_name: string, value: unknown): unknown {
  const [, digits = '', exponent] = (typeof value === 'number' && /^(.*)e(.*)$/.exec(String(value))) || []
  return exponent === undefined ? value : '0'.repeat(digits.length + Math.abs(Number(exponent)))
}

function sizeErrors(fields: readonly UserField[]): string[] {
  const sizes = fields.filter(({ services }) => services).map(sizeOf)
  const total = sizes.reduce((sum, size) => sum + size, 0)
  if (total <= MAX_VISIBLE_BYTES) return []
  return [
    `AUTH_USER_FIELDS: what services see of a user could have ${total} bytes, and ${MAX_VISIBLE_BYTES} are allowed`,
  ]
}

const sizeOf = ({ name, type, maxLength }: UserField) =>
  name.length +
  { string: maxLength * BYTES_OF_CHARACTER, json: MAX_JSON_BYTES * 2, number: 32, date: 32, boolean: 8 }[type]
