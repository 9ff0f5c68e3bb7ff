import { type Env, readEnv, Variables } from './env.ts'
import { OLD_TOKEN_VARIABLES } from './env-old-tokens.ts'
import { ConfigurationError } from './errors.ts'

export const VARIABLE_NAMES: readonly string[] = Object.keys(Variables.shape)

/** What stands for a secret that is missing, where somebody only looks. */
export const UNKNOWN_SECRET = 'unknown'
const SECRETS = ['BETTER_AUTH_SECRET', 'INTERNAL_TOKEN']

/**
 * For `doctor`: the errors, and what can be read past them, by the rules of development and without what was refused. Undefined where
 * the rest says nothing of a database.
 */
export function inspectEnv(source: NodeJS.ProcessEnv): { env: Env | undefined; errors: readonly string[] } {
  try {
    return { env: readEnv(source), errors: [] }
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    const given = { ...source, NODE_ENV: 'development' }
    return { env: readPast(given, namesIn(errorsOf(given))), errors: error.errors }
  }
}

function readPast(source: NodeJS.ProcessEnv, refused: readonly string[]): Env | undefined {
  if (refused.includes('DATABASE_URL')) return undefined
  const kept = Object.entries(source).filter(([name]) => !refused.includes(name))
  const secrets = SECRETS.filter((name) => refused.includes(name)).map((name) => [name, UNKNOWN_SECRET])
  const given = { ...Object.fromEntries(kept), ...Object.fromEntries(secrets) }
  const errors = errorsOf(given)
  if (errors.length === 0) return readEnv(given)
  const more = namesIn(errors).filter((name) => !refused.includes(name) && name in given)
  return more.length === 0 ? undefined : readPast(given, more)
}

/** Settings that are one together are left out together. */
const namesIn = (errors: readonly string[]) =>
  errors.flatMap((error) =>
    /^\S*OLD_TOKENS_|^exactly one of OLD_TOKENS_/.test(error)
      ? Object.keys(OLD_TOKEN_VARIABLES)
      : [error.split(/[ :]/)[0] ?? ''],
  )

function errorsOf(source: NodeJS.ProcessEnv): readonly string[] {
  try {
    readEnv(source)
    return []
  } catch (error) {
    if (error instanceof ConfigurationError) return error.errors
    throw error
  }
}
