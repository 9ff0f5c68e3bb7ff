import { BASE_ERROR_CODES, type GenericEndpointContext } from 'better-auth'
import { APIError, createAuthMiddleware } from 'better-auth/api'
import type { DBFieldAttribute } from 'better-auth/db'
import type { Env } from '../env.ts'
import { type UserField, valueSchema } from '../env-user-fields.ts'
import type { ErrorCode } from '../errors.ts'
import { checkUser } from './user-rules.ts'

const INVALID: ErrorCode = 'VALIDATION_ERROR'
const TAKEN: ErrorCode = 'CONFLICT'

type FieldsEnv = Pick<Env, 'userFields'>
type Values = Record<string, unknown>

/** AUTH_USER_FIELDS in better-auth's words. */
export function additionalFields({ userFields }: FieldsEnv): Record<string, DBFieldAttribute> {
  return Object.fromEntries(userFields.map((field) => [field.name, attributesOf(field)]))
}

function attributesOf(field: UserField): DBFieldAttribute {
  const { type, required, unique, signUp, update, services } = field
  const initial = field.default
  return {
    type,
    required,
    unique,
    input: signUp || update,
    // What its owner may not set and no service sees is the operator's own.
    returned: signUp || update || services,
    ...(initial !== undefined && { defaultValue: type === 'date' ? () => dateOf(initial) : () => initial }),
    validator: { input: inputSchema(field) },
  } as DBFieldAttribute
}

const dateOf = (value: unknown) => (value === 'now' ? new Date() : new Date(String(value)))
const inputSchema = (field: UserField) => (field.required ? valueSchema(field) : valueSchema(field).nullable())

/** Which requests of a user's own name fields, and which of them they may set. */
const PATHS: Record<string, 'signUp' | 'update'> = { '/sign-up/email': 'signUp', '/update-user': 'update' }

/** The rules for a user, also where the address is taken: else what a name may be would show whether it is. */
export function checkUserInput({ userFields }: FieldsEnv) {
  return createAuthMiddleware(async ({ path, body }) => {
    const may = PATHS[path]
    if (may === undefined) return
    const given = (body ?? {}) as Values
    if (may === 'signUp') {
      const { name, image } = given
      await checkUser({ name, ...(image !== undefined && { image }) })
    }
    for (const field of userFields) {
      if (!(field.name in given)) continue
      if (!field[may]) throw refusal(BASE_ERROR_CODES.FIELD_NOT_ALLOWED.code, `${field.name} cannot be set here.`)
      check(field, given[field.name])
    }
    if (may === 'signUp') requireAll(userFields, given)
  })
}

/** Hooks of better-auth's: whichever endpoint writes the row. */
export function checkNewUser({ userFields }: FieldsEnv) {
  return async (user: Values, ctx: GenericEndpointContext | null) => {
    await checkUser(user)
    checkGiven(userFields, user)
    requireAll(userFields, user)
    await refuseTaken(userFields, user, ctx)
  }
}

export function checkChangedUser({ userFields }: FieldsEnv) {
  return async (user: Values, ctx: GenericEndpointContext | null) => {
    await checkUser(user)
    checkGiven(userFields, user)
    await refuseTaken(userFields, user, ctx)
  }
}

function checkGiven(userFields: readonly UserField[], user: Values): void {
  for (const field of userFields) if (user[field.name] !== undefined) check(field, user[field.name])
}

function check(field: UserField, value: unknown): void {
  const issue = inputSchema(field).safeParse(value).error?.issues[0]
  if (issue) throw refusal(INVALID, value === null ? `${field.name} is required.` : issue.message)
}

/** Of two that race the database refuses one. */
async function refuseTaken(
  userFields: readonly UserField[],
  user: Values,
  ctx: GenericEndpointContext | null,
): Promise<void> {
  for (const { name, unique } of userFields) {
    const value = user[name] ?? null
    if (!ctx || !unique || value === null) continue
    const where = [{ field: name, value: value as string | number }]
    const found = await ctx.context.adapter.findOne<{ id: string }>({ model: 'user', where })
    const changed = ctx.body?.userId ?? ctx.context.session?.user.id
    if (found && found.id !== changed) {
      throw APIError.from('CONFLICT', { code: TAKEN, message: `Another user has this ${name}.` })
    }
  }
}

function requireAll(userFields: readonly UserField[], user: Values): void {
  for (const { name, required, default: initial } of userFields) {
    if (required && initial === undefined && (user[name] ?? null) === null) {
      throw refusal(INVALID, `${name} is required.`)
    }
  }
}

const refusal = (code: string, message: string) => APIError.from('BAD_REQUEST', { code, message })
