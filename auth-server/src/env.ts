import { z } from 'zod'
import type { Names } from './database/naming/names.ts'
import { type Brand, brandOf } from './env-brand.ts'
import {
  type ConnectedService,
  connectedProductionErrors,
  connectedServicesOf,
  type EncryptionKey,
  encryptionKeysOf,
} from './env-connected.ts'
import { cookieErrors, leaseErrors, sessionErrors } from './env-cookies.ts'
import * as field from './env-fields.ts'
import { isVerificationRequired, mailErrors, signsInByMail, templatesOf } from './env-mail.ts'
import { namesOf } from './env-names.ts'
import { OLD_TOKEN_VARIABLES, type OldTokens, oldTokensOf, oldTokensProductionErrors } from './env-old-tokens.ts'
import { pageErrors, pagesFolder, publicUrlOf } from './env-pages.ts'
import { productionErrors } from './env-production.ts'
import { type Provider, providerProductionErrors, providersOf } from './env-providers.ts'
import { tlsErrors } from './env-tls.ts'
import { type UserField, userFieldsOf } from './env-user-fields.ts'
import { ConfigurationError } from './errors.ts'
import type { OwnTemplates } from './mail/templates/own.ts'

/** The environment of this server: the only file that knows it. .env.example explains each; docs/settings.md is made of both. */
export const Variables = z.object({
  NODE_ENV: z.enum(['development', 'production'], { error: 'must be development or production' }).default('production'),
  BRAND_FOLDER: field.text.default('brand'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], { error: 'must be a level of pino' })
    .optional(),

  AUTH_HOST: field.host.default('127.0.0.1'),
  AUTH_PORT: field.port(4000),
  AUTH_INTERNAL_HOST: field.host.default('127.0.0.1'),
  AUTH_INTERNAL_PORT: field.port(4001),
  SHUTDOWN_DELAY_SECONDS: field.integer(0, 0, 60),
  SERVE_PAGES: field.boolean.default('false'),
  PAGES_FOLDER: field.text.default('frontend/dist'),
  APP_URL: field.url.optional(),

  BETTER_AUTH_SECRET: field.text,
  INTERNAL_TOKEN: field.text.regex(/^[\x21-\x7e]*$/, 'must be printable ASCII without spaces: it is sent as a header'),
  PUBLIC_URL: field.origin.prefault('http://localhost:3000'),
  CORS_ORIGIN: field.origins.optional(),

  DATABASE_URL: field.databaseUrl,
  DATABASE_URL_DIRECT: field.databaseUrl.optional(),
  DATABASE_ADMIN_URL: field.databaseUrl.optional(),
  BACKEND_DATABASE_URL: field.databaseUrl.optional(),
  BACKEND_MIGRATION_DATABASE_URL: field.databaseUrl.optional(),
  BACKEND_DB_ROLE: field.databaseName.default('backend'),
  BACKEND_DB_SCHEMA: field.databaseName.default('app'),
  AUTH_DB_SCHEMA: field.databaseName.default('public'),
  AUTH_TABLE_NAMES: field.text.optional(),
  AUTH_COLUMN_NAMES: field.text.optional(),
  AUTH_USER_FIELDS: field.text.optional(),
  DATABASE_POOL_MAX: field.integer(10, 1, 1000),
  SESSION_POOL_MAX: field.integer(4, 1, 1000),
  DATABASE_CONNECT_TIMEOUT_MS: field.integer(2000, 100, 60_000),
  DATABASE_STATEMENT_TIMEOUT_MS: field.integer(5000, 100, 600_000),
  DATABASE_IDLE_TIMEOUT_MS: field.integer(30_000, 1000, 3_600_000),
  DATABASE_SLOW_QUERY_MS: field.integer(1000, 0, 600_000),
  DATABASE_CA_FILE: field.text.optional(),
  DATABASE_POOLER: z.enum(['none', 'transaction'], { error: 'must be none or transaction' }).default('none'),

  SESSION_DAYS: field.integer(7, 2, 365),
  SESSION_RENEW_HOURS: field.integer(24, 1, 720),
  SESSION_LEASE_MS: field.integer(2000, 50, 10_000),
  SESSION_LEASE_MAX_MS: field.wholeNumber(50, 10_000).optional(),
  COOKIE_DOMAIN: field.text.optional(),
  SIGN_UP: z.enum(['open', 'closed'], { error: 'must be open or closed' }).default('open'),
  PASSWORD_MIN_LENGTH: field.integer(8, 8, 64),
  DEFAULT_LANGUAGE: z.enum(['en', 'de'], { error: 'must be en or de' }).default('en'),

  CLIENT_IP_HEADER: field.text
    .regex(/^[A-Za-z0-9-]{1,64}$/, 'must be the name of a header')
    .transform((name) => name.toLowerCase())
    .optional(),
  TRUSTED_PROXIES: field.addressRanges.prefault('127.0.0.0/8, ::1'),
  RATE_LIMIT_SIGN_IN: field.rateLimit.prefault('3/10'),
  RATE_LIMIT_ACCOUNT: field.rateLimit.prefault('10/900'),
  RATE_LIMIT_DEFAULT: field.rateLimit.prefault('100/10'),

  BREACHED_PASSWORDS: z.enum(['local', 'api', 'off'], { error: 'must be local, api or off' }).default('local'),
  BREACHED_PASSWORDS_URL: field.rangeUrl.default('https://api.pwnedpasswords.com/range/'),
  SMTP_URL: field.smtpUrl.optional(),
  MAIL_FROM: field.mailbox.optional(),
  MAIL_TEMPLATES: field.text.optional(),
  REQUIRE_EMAIL_VERIFICATION: field.boolean.optional(),
  MAGIC_LINK: field.boolean.optional(),
  EMAIL_CODE: field.boolean.optional(),
  AUDIT_DAYS: field.integer(180, 1, 3650),

  GOOGLE_CLIENT_ID: field.text.optional(),
  GOOGLE_CLIENT_SECRET: field.text.optional(),
  GITHUB_CLIENT_ID: field.text.optional(),
  GITHUB_CLIENT_SECRET: field.text.optional(),
  MICROSOFT_CLIENT_ID: field.text.optional(),
  MICROSOFT_CLIENT_SECRET: field.text.optional(),
  MICROSOFT_TENANT: field.text
    .regex(/^[A-Za-z0-9.-]{1,253}$/, 'must be the id or a domain of a tenant')
    .default('common'),
  APPLE_CLIENT_ID: field.text.optional(),
  APPLE_TEAM_ID: field.text.optional(),
  APPLE_KEY_ID: field.text.optional(),
  APPLE_PRIVATE_KEY_FILE: field.text.optional(),
  OIDC_PROVIDERS: field.text.optional(),

  CONNECTED_SERVICES: field.text.optional(),
  ENCRYPTION_KEYS: field.text.optional(),

  LEGACY_KEY_1: field.text.optional(),
  LEGACY_KEY_2: field.text.optional(),
  LEGACY_KEY_3: field.text.optional(),
  LEGACY_KEY_4: field.text.optional(),

  ...OLD_TOKEN_VARIABLES,
})

type Parsed = z.output<typeof Variables>
export type Env = Omit<Parsed, 'SERVE_PAGES' | 'REQUIRE_EMAIL_VERIFICATION' | 'MAGIC_LINK' | 'EMAIL_CODE'> & {
  brand: Brand
  mailTemplates: OwnTemplates
  providers: readonly Provider[]
  connectedServices: readonly ConnectedService[]
  encryptionKeys: readonly EncryptionKey[]
  /** By their number, as rows name them: see passwords/formats/keyed.ts. */
  legacyKeys: ReadonlyMap<string, string>
  /** AUTH_TABLE_NAMES and AUTH_COLUMN_NAMES. */
  names: Names
  /** AUTH_USER_FIELDS. */
  userFields: readonly UserField[]
  /** Undefined: no token of an old system counts. */
  oldTokens: OldTokens | undefined
  CORS_ORIGIN: string[]
  DATABASE_URL_DIRECT: string
  SESSION_LEASE_MAX_MS: number
  LOG_LEVEL: string
  SERVE_PAGES: boolean
  REQUIRE_EMAIL_VERIFICATION: boolean
  MAGIC_LINK: boolean
  EMAIL_CODE: boolean
}
export type CommandName =
  | 'serve'
  | 'migrate'
  | 'setup-database'
  | 'check-config'
  | 'make-admin'
  | 'rotate-keys'
  | 'import'
  | 'doctor'
  | 'rehearse'
  | 'schema'

/** better-auth reads these itself, past this file and its guard: refused, with what to use instead. */
const FOREIGN: Record<string, string> = {
  TEST: 'must not be set: better-auth switches its origin and CSRF checks off',
  BETTER_AUTH_SECRETS: 'is not supported: set BETTER_AUTH_SECRET',
  BETTER_AUTH_TRUSTED_ORIGINS: 'is not supported: set CORS_ORIGIN',
  BETTER_AUTH_URL: 'is not supported: set PUBLIC_URL',
}

const NEEDED_FOR: Partial<Record<CommandName, readonly (keyof Parsed)[]>> = {
  'rotate-keys': ['ENCRYPTION_KEYS'],
  rehearse: ['DATABASE_ADMIN_URL'],
  'setup-database': ['DATABASE_ADMIN_URL', 'BACKEND_DATABASE_URL'],
}

/** Throws ConfigurationError with every error at once: a half-configured server would fail at a user's request. */
export function readEnv(source: NodeJS.ProcessEnv, command: CommandName = 'serve'): Env {
  // An empty value means "not set": that is what `NAME=` in a .env file and compose's `${NAME:-}` produce.
  const set = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''))
  const given = { ...set, ...publicUrlOf(set) }
  const parsed = Variables.safeParse(given)
  const brand = brandOf(given.BRAND_FOLDER)
  const templates = templatesOf(given)
  const providers = providersOf(given)
  const services = connectedServicesOf(given)
  const keys = encryptionKeysOf(given)
  const userFields = userFieldsOf(given)
  const names = namesOf(given, userFields.value)
  const oldTokens = oldTokensOf(given)
  const errors = [
    ...Object.entries(FOREIGN).flatMap(([name, why]) => (name in given ? [`${name} ${why}`] : [])),
    ...(NEEDED_FOR[command] ?? []).flatMap((name) => (name in given ? [] : [`${name} is required for ${command}`])),
    ...(parsed.error?.issues ?? []).map((issue) => `${String(issue.path[0])} ${issue.message}`),
    ...portErrors(given),
    ...pageErrors(given),
    ...tlsErrors(given),
    ...schemaErrors(given),
    ...mailErrors(given),
    ...cookieErrors(given),
    ...sessionErrors(given),
    ...leaseErrors(given),
    ...brand.errors,
    ...templates.errors,
    ...providers.errors,
    ...services.errors,
    ...keys.errors,
    ...userFields.errors,
    ...names.errors,
    ...oldTokens.errors,
    ...(given.NODE_ENV === 'development' ? [] : productionErrors(given)),
    ...(given.NODE_ENV === 'development' ? [] : providerProductionErrors(providers.value)),
    ...(given.NODE_ENV === 'development' ? [] : connectedProductionErrors(services.value)),
    ...(given.NODE_ENV === 'development' ? [] : oldTokensProductionErrors(given)),
  ]
  if (!parsed.success || !brand.value || errors.length > 0) throw new ConfigurationError([...new Set(errors)])
  const { data } = parsed
  return {
    ...data,
    brand: brand.value,
    mailTemplates: templates.value,
    SERVE_PAGES: data.SERVE_PAGES === 'true',
    PAGES_FOLDER: pagesFolder(given),
    REQUIRE_EMAIL_VERIFICATION: isVerificationRequired(given),
    MAGIC_LINK: signsInByMail(given, 'MAGIC_LINK'),
    EMAIL_CODE: signsInByMail(given, 'EMAIL_CODE'),
    providers: providers.value,
    connectedServices: services.value,
    encryptionKeys: keys.value,
    legacyKeys: legacyKeysOf(data),
    names: names.value,
    userFields: userFields.value,
    oldTokens: oldTokens.value,
    LOG_LEVEL: data.LOG_LEVEL ?? (data.NODE_ENV === 'development' ? 'debug' : 'info'),
    CORS_ORIGIN: data.CORS_ORIGIN ?? [data.PUBLIC_URL],
    SESSION_LEASE_MAX_MS: data.SESSION_LEASE_MAX_MS ?? data.SESSION_LEASE_MS,
    DATABASE_URL_DIRECT: data.DATABASE_URL_DIRECT ?? data.DATABASE_URL,
  }
}

function legacyKeysOf(data: Parsed): ReadonlyMap<string, string> {
  const keys = [data.LEGACY_KEY_1, data.LEGACY_KEY_2, data.LEGACY_KEY_3, data.LEGACY_KEY_4]
  return new Map(keys.flatMap((key, index) => (key === undefined ? [] : [[String(index + 1), key]])))
}

function portErrors(given: Record<string, string | undefined>): string[] {
  const same = Number(given.AUTH_PORT ?? 4000) === Number(given.AUTH_INTERNAL_PORT ?? 4001)
  return same ? ['AUTH_PORT and AUTH_INTERNAL_PORT must differ'] : []
}

/** In one schema the backend's right to create would reach the auth server's statements. */
function schemaErrors({ AUTH_DB_SCHEMA = 'public', BACKEND_DB_SCHEMA = 'app' }: Record<string, string | undefined>) {
  return AUTH_DB_SCHEMA === BACKEND_DB_SCHEMA ? ['AUTH_DB_SCHEMA and BACKEND_DB_SCHEMA must differ'] : []
}
