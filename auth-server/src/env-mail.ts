import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brandFolder } from '../../brand/src/read.ts'
import { readOwnTemplates } from './mail/templates/own.ts'

type Given = Record<string, string | undefined>

/** The folder that holds MAIL_TEMPLATES': two above this file, and also above the bundle (dist/main.js). */
const root = fileURLToPath(new URL('../..', import.meta.url))

/** What the settings of mails say together. */
export function mailErrors(given: Given): string[] {
  const impossible = ['MAGIC_LINK', 'EMAIL_CODE'].filter(
    (name) => given[name] === 'true' && given.SMTP_URL === undefined,
  )
  return [...serverErrors(given), ...impossible.map((name) => `${name} needs SMTP_URL, to send the mails`)]
}

function serverErrors({ NODE_ENV, SMTP_URL, MAIL_FROM, REQUIRE_EMAIL_VERIFICATION }: Given): string[] {
  const isProduction = NODE_ENV !== 'development'
  if (SMTP_URL === undefined) {
    if (REQUIRE_EMAIL_VERIFICATION === 'true') return ['REQUIRE_EMAIL_VERIFICATION needs SMTP_URL, to send the mails']
    if (!isProduction || REQUIRE_EMAIL_VERIFICATION === 'false') return []
    return [
      'SMTP_URL must be set in production, where addresses are verified by mail and forgotten passwords are replaced by ' +
        'mail; to run without mail, set REQUIRE_EMAIL_VERIFICATION=false',
    ]
  }
  if (MAIL_FROM === undefined) return ['MAIL_FROM is required with SMTP_URL: the address that mails come from']
  if (isProduction && /@(?:.*\.)?(?:example(?:\.\w+)?|localhost|invalid|test)>?$/i.test(MAIL_FROM)) {
    return ['MAIL_FROM must be an address of yours in production']
  }
  return []
}

/** Required where mails are sent and users are real, unless a setting says otherwise. */
export function isVerificationRequired({ NODE_ENV, SMTP_URL, REQUIRE_EMAIL_VERIFICATION }: Given): boolean {
  if (REQUIRE_EMAIL_VERIFICATION !== undefined) return REQUIRE_EMAIL_VERIFICATION === 'true'
  return SMTP_URL !== undefined && NODE_ENV !== 'development'
}

/** In development everything can be tried; elsewhere no way to sign in comes with an upgrade, unless a setting asks for it. */
export function signsInByMail(given: Given, name: 'MAGIC_LINK' | 'EMAIL_CODE'): boolean {
  if (given.SMTP_URL === undefined) return false
  return given[name] === undefined ? given.NODE_ENV === 'development' : given[name] === 'true'
}

/** The operator's templates: of MAIL_TEMPLATES, or of the folder `mail` beside brand.json if there is one. */
export function templatesOf({ MAIL_TEMPLATES, BRAND_FOLDER }: Given) {
  const beside = join(brandFolder(root, BRAND_FOLDER), 'mail')
  if (MAIL_TEMPLATES === undefined && !existsSync(beside)) return { value: {}, errors: [] }
  const { value, errors } = readOwnTemplates(MAIL_TEMPLATES === undefined ? beside : resolve(root, MAIL_TEMPLATES))
  return { value, errors: errors.map((error) => `MAIL_TEMPLATES: ${error}`) }
}
