import type { NoticedChange } from '../kinds.ts'
import type { Language } from '../language.ts'
import { fill, oneLine } from './values.ts'

/** `named`: where it has a name. Quotation marks show where a name ends that somebody has chosen. */
type Words = { title: string; text: string; named?: string }

const ENGLISH: Record<NoticedChange, Words> = {
  'second-factor-enabled': {
    title: 'Two-factor authentication is on',
    text: 'Your account at {{brand}} now asks for a code of an authenticator app at each new sign-in. All other devices were signed out.',
  },
  'second-factor-disabled': {
    title: 'Two-factor authentication is off',
    text: 'Your account at {{brand}} no longer asks for a code of your authenticator app. Backup codes and trusted devices were removed.',
  },
  'backup-codes-created': {
    title: 'New backup codes were created',
    text: 'New backup codes were created for your account at {{brand}}. The earlier ones no longer work.',
  },
  'backup-code-used': {
    title: 'A backup code was used',
    text: 'One of the backup codes of your account at {{brand}} was used in place of the authenticator app. It does not work again.',
  },
  'passkey-added': {
    title: 'A passkey was added',
    text: 'A passkey was added to your account at {{brand}}. Whoever holds it can sign in.',
    named: 'The passkey “{{name}}” was added to your account at {{brand}}. Whoever holds it can sign in.',
  },
  'passkey-removed': {
    title: 'A passkey was removed',
    text: 'A passkey was removed from your account at {{brand}}. It no longer signs in.',
    named: 'The passkey “{{name}}” was removed from your account at {{brand}}. It no longer signs in.',
  },
  'sign-in-method-added': {
    title: 'A way to sign in was added',
    text: 'A way to sign in was added to your account at {{brand}}.',
    named: 'Your account at {{brand}} can now be opened with {{name}} too.',
  },
  'sign-in-method-removed': {
    title: 'A way to sign in was removed',
    text: 'A way to sign in was removed from your account at {{brand}}.',
    named: 'Your account at {{brand}} can no longer be opened with {{name}}.',
  },
}

const GERMAN: Record<NoticedChange, Words> = {
  'second-factor-enabled': {
    title: 'Die Zwei-Faktor-Authentifizierung ist aktiv',
    text: 'Ihr Konto bei {{brand}} fragt ab jetzt bei jeder neuen Anmeldung nach einem Code aus einer Authenticator-App. Alle anderen Geräte wurden abgemeldet.',
  },
  'second-factor-disabled': {
    title: 'Die Zwei-Faktor-Authentifizierung ist ausgeschaltet',
    text: 'Ihr Konto bei {{brand}} fragt nicht mehr nach einem Code aus der Authenticator-App. Backup-Codes und vertraute Geräte wurden entfernt.',
  },
  'backup-codes-created': {
    title: 'Neue Backup-Codes wurden erzeugt',
    text: 'Für Ihr Konto bei {{brand}} wurden neue Backup-Codes erzeugt. Die bisherigen gelten nicht mehr.',
  },
  'backup-code-used': {
    title: 'Ein Backup-Code wurde benutzt',
    text: 'Ein Backup-Code Ihres Kontos bei {{brand}} wurde anstelle der Authenticator-App benutzt. Er gilt nicht noch einmal.',
  },
  'passkey-added': {
    title: 'Ein Passkey wurde hinzugefügt',
    text: 'Zu Ihrem Konto bei {{brand}} wurde ein Passkey hinzugefügt. Wer ihn hat, kann sich anmelden.',
    named: 'Zu Ihrem Konto bei {{brand}} wurde der Passkey „{{name}}“ hinzugefügt. Wer ihn hat, kann sich anmelden.',
  },
  'passkey-removed': {
    title: 'Ein Passkey wurde entfernt',
    text: 'Aus Ihrem Konto bei {{brand}} wurde ein Passkey entfernt. Mit ihm kann sich niemand mehr anmelden.',
    named:
      'Aus Ihrem Konto bei {{brand}} wurde der Passkey „{{name}}“ entfernt. Mit ihm kann sich niemand mehr anmelden.',
  },
  'sign-in-method-added': {
    title: 'Eine Anmeldeart wurde hinzugefügt',
    text: 'Zu Ihrem Konto bei {{brand}} wurde eine Anmeldeart hinzugefügt.',
    named: 'Ihr Konto bei {{brand}} lässt sich ab jetzt auch mit {{name}} öffnen.',
  },
  'sign-in-method-removed': {
    title: 'Eine Anmeldeart wurde entfernt',
    text: 'Aus Ihrem Konto bei {{brand}} wurde eine Anmeldeart entfernt.',
    named: 'Ihr Konto bei {{brand}} lässt sich nicht mehr mit {{name}} öffnen.',
  },
}

const WORDS = { en: ENGLISH, de: GERMAN } as const
const PASSWORD = { en: 'a password', de: 'einem Passwort' } as const
const ON = { en: 'on', de: 'auf' } as const
const UNKNOWN_DEVICE = { en: 'unknown', de: 'unbekannt' } as const

type Named = { brand: string; name?: string | undefined }

/** The values `title` and `change` of a mail. */
export function wordsOf(change: NoticedChange, language: Language, { brand, name = '' }: Named) {
  const { title, text, named } = WORDS[language][change]
  const shown = oneLine(name.replace(QUOTES, "'"))
  return { title, change: fill(shown !== '' && named ? named : text, { brand, name: shown }) }
}

/** Whatever ends a name for its reader: “”, „‟, ", «». Escaped, because the bundle is ASCII (build.mjs). */
const QUOTES = /[\u201c\u201d\u201e\u201f"\u00ab\u00bb]/g

/** What `account.providerId` says of a password is no name. */
export const passwordIn = (language: Language) => PASSWORD[language]

export function deviceIn(language: Language, { browser, system }: { browser?: string; system?: string }): string {
  if (browser && system) return `${browser} ${ON[language]} ${system}`
  return browser ?? system ?? UNKNOWN_DEVICE[language]
}
