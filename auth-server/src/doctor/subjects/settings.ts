import { isThisMachine } from '../../env-fields.ts'
import { inspectEnv, VARIABLE_NAMES } from '../../env-inspect.ts'
import { OLD_TOKEN_VARIABLES, oldTokensOf } from '../../env-old-tokens.ts'
import { type Fix, type Found, type Given, shell, subject } from '../finding.ts'
import { nearest } from '../spelling.ts'
import { OTHER_NAMES } from './other-names.ts'

export const SETTINGS = subject({
  title: 'Settings',
  good: 'complete, and each has a name that is known',
  kinds: {
    'setting-refused': { severity: 'error', why: 'The server does not start with it.' },
    'setting-misspelt': {
      severity: 'warning',
      why: 'Nothing reads a variable of this name, so what it was to change stays as it was.',
    },
    'development-rules': {
      severity: 'warning',
      why: 'In development, weak secrets and plain http are accepted, and nobody has to verify an address.',
    },
    'old-tokens-over': {
      severity: 'warning',
      why: 'Every old token is refused; what is left in the settings can only leak.',
    },
    'old-tokens-ending': { severity: 'info', why: 'Who has only an old token then has to sign in.' },
  },
  checks: [
    { name: 'accepted', of: 'settings', run: refused },
    { name: 'spelling', of: 'settings', run: misspelt },
    { name: 'production', of: 'settings', run: developmentRules },
    { name: 'old tokens', of: 'settings', run: oldTokens },
  ],
})

function refused(given: Given): Found<'setting-refused'>[] {
  return inspectEnv(given).errors.map((what) => ({ id: 'setting-refused', what, fix: [fixOf(what, given)] }))
}

const RANDOM = '"$(openssl rand -hex 32)"'
/** Settings that have no default; the others begin again with theirs. */
const VALUES: Readonly<Record<string, string>> = {
  BETTER_AUTH_SECRET: RANDOM,
  INTERNAL_TOKEN: RANDOM,
  ENCRYPTION_KEYS: '"1:$(openssl rand -hex 32)"',
  DATABASE_URL: "'postgres://ROLE:PASSWORD@HOST:5432/DATABASE'",
  PUBLIC_URL: "'https://app.acme.org' # your address",
  SMTP_URL: "'smtp://USER:PASSWORD@HOST:587' # or REQUIRE_EMAIL_VERIFICATION=false, to run without mail",
  MAIL_FROM: "'Acme <no-reply@acme.org>' # an address of yours",
}

function fixOf(error: string, given: Given): Fix {
  const [name = ''] = error.split(' ')
  if (/^(?:OLD_TOKENS_UNTIL|exactly one of OLD_TOKENS_)/.test(error)) {
    return shell(unsetOldTokens(given), { note: 'or what docs/old-tokens.md asks for' })
  }
  const [, partner] = /is required with (\w+)/.exec(error) ?? []
  const value = VALUES[name]
  if (value !== undefined) return shell(`export ${name}=${value}`)
  if (partner !== undefined && partner !== name) return shell(`unset ${partner} # or set ${name} too`)
  return shell(`unset ${name} # its default, or a value that docs/settings.md names`)
}

function misspelt(given: Given): Found<'setting-misspelt'>[] {
  const known = [...VARIABLE_NAMES, ...OTHER_NAMES]
  return (
    Object.keys(given)
      .filter((name) => !known.includes(name) && given[name] !== '')
      // What is no name in a shell is none that somebody has mistyped there.
      .filter((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      .flatMap((name) => {
        const meant = nearest(name, known)
        if (meant === undefined) return []
        const rename = given[meant] === undefined || given[meant] === '' ? `export ${meant}="$${name}"; ` : ''
        return [
          {
            id: 'setting-misspelt',
            what: `${name} is no setting. Meant is ${meant}?`,
            fix: [shell(`${rename}unset ${name}`)],
          },
        ]
      })
  )
}

function developmentRules({ NODE_ENV, PUBLIC_URL = '' }: Given): Found<'development-rules'>[] {
  if (NODE_ENV !== 'development' || !URL.canParse(PUBLIC_URL)) return []
  const { protocol, hostname } = new URL(PUBLIC_URL)
  if (protocol !== 'https:' || isThisMachine(hostname)) return []
  const what = 'NODE_ENV is development, and PUBLIC_URL is an address of the internet.'
  return [{ id: 'development-rules', what, fix: [shell('export NODE_ENV=production')] }]
}

/** Time enough to tell users who have only an old token. */
const ENDING_DAYS = 14

function oldTokens(given: Given, now: number): Found<'old-tokens-over' | 'old-tokens-ending'>[] {
  const until = oldTokensOf(given).value?.until
  if (until === undefined || until.getTime() - now > ENDING_DAYS * DAY_MS) return []
  const day = `OLD_TOKENS_UNTIL (${given.OLD_TOKENS_UNTIL})`
  if (until.getTime() <= now) {
    const what = `The time of old tokens is over, by ${day}, and they are still configured.`
    return [{ id: 'old-tokens-over', what, fix: [shell(unsetOldTokens(given))] }]
  }
  const days = Math.ceil((until.getTime() - now) / DAY_MS)
  const what = `Old tokens end in ${days} ${days === 1 ? 'day' : 'days'}, by ${day}.`
  return [{ id: 'old-tokens-ending', what, fix: [shell(unsetOldTokens(given), { note: 'then, not before' })] }]
}

const DAY_MS = 24 * 3_600_000

function unsetOldTokens(given: Given): string {
  const names = Object.keys(OLD_TOKEN_VARIABLES).filter((name) => (given[name] ?? '') !== '')
  return `unset ${names.join(' ')}`
}
