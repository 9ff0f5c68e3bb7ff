import type { Texts } from '../texts/texts.ts'

export const signInTexts = {
  title: { en: 'Sign in', de: 'Anmelden' },
  submit: { en: 'Sign in', de: 'Anmelden' },
  busy: { en: 'Signing in…', de: 'Anmeldung läuft …' },
  forgot: { en: 'Forgot your password?', de: 'Passwort vergessen?' },
  notConfirmed: {
    en: 'This email address is not confirmed yet. Open the link in the email that we sent you.',
    de: 'Diese E-Mail-Adresse ist noch nicht bestätigt. Öffnen Sie den Link in der E-Mail, die wir Ihnen gesendet haben.',
  },
  sendLink: { en: 'Send a new link', de: 'Neuen Link senden' },
  noAccount: { en: 'New here?', de: 'Neu hier?' },
  toSignUp: { en: 'Create an account', de: 'Konto erstellen' },
  signedOut: { en: 'You have signed out.', de: 'Sie haben sich abgemeldet.' },
  wrongPassword: {
    en: 'The email or password is incorrect.',
    de: 'Die E-Mail-Adresse oder das Passwort ist falsch.',
  },
} satisfies Texts

/** In place of a password; the pages of it are in by-mail/. */
export const mailEntryTexts = {
  link: { en: 'Email me a sign-in link', de: 'Link per E-Mail anfordern' },
  code: { en: 'Email me a code', de: 'Code per E-Mail anfordern' },
  busy: { en: 'Sending…', de: 'Wird gesendet …' },
  failed: { en: 'No email was sent.', de: 'Es wurde keine E-Mail gesendet.' },
} satisfies Texts

/** After the password, where the user has a second factor. */
export const secondFactorTexts = {
  title: { en: 'Enter your code', de: 'Code eingeben' },
  fromApp: {
    en: 'Your authenticator app shows a code of 6 digits for this account.',
    de: 'Ihre Authenticator-App zeigt einen 6-stelligen Code für dieses Konto.',
  },
  fromList: {
    en: 'Enter one of the backup codes that you saved. Each one works once.',
    de: 'Geben Sie einen der Backup-Codes ein, die Sie gespeichert haben. Jeder gilt einmal.',
  },
  trust: { en: 'Don’t ask on this device for 30 days', de: 'Auf diesem Gerät 30 Tage lang nicht fragen' },
  useBackupCode: { en: 'Use a backup code', de: 'Backup-Code verwenden' },
  useApp: { en: 'Use the authenticator app', de: 'Authenticator-App verwenden' },
  startAgain: { en: 'Start again', de: 'Neu beginnen' },
  wrongBackupCode: {
    en: 'This backup code is incorrect, or has been used.',
    de: 'Dieser Backup-Code ist falsch oder wurde schon benutzt.',
  },
  over: {
    en: 'This sign-in took too long, or too many codes were wrong. Start again with your password.',
    de: 'Diese Anmeldung hat zu lange gedauert, oder zu viele Codes waren falsch. Beginnen Sie mit dem Passwort neu.',
  },
} satisfies Texts

export const passkeySignInTexts = {
  passkey: { en: 'Sign in with a passkey', de: 'Mit Passkey anmelden' },
  busy: { en: 'Waiting for your device…', de: 'Warten auf Ihr Gerät …' },
  failed: { en: 'You are not signed in.', de: 'Sie sind nicht angemeldet.' },
  cancelled: {
    en: 'The request was closed, or took too long.',
    de: 'Die Anfrage wurde geschlossen oder hat zu lange gedauert.',
  },
  unknown: {
    en: 'This passkey is not known here. It may have been removed from the account.',
    de: 'Dieser Passkey ist hier nicht bekannt. Vielleicht wurde er aus dem Konto entfernt.',
  },
} satisfies Texts

export const signInAgainTexts = {
  title: { en: 'Sign in again', de: 'Erneut anmelden' },
  reason: {
    en: 'Your session has ended. What you typed is still here.',
    de: 'Ihre Sitzung ist beendet. Ihre Eingaben sind noch da.',
  },
  copyFirst: {
    en: 'To continue with a provider you leave this page. Copy what you typed first.',
    de: 'Für die Anmeldung bei einem Anbieter verlassen Sie diese Seite. Kopieren Sie vorher Ihre Eingaben.',
  },
  session: { en: 'Session', de: 'Sitzung' },
  ended: {
    en: 'Your session has ended. Sign in again to continue.',
    de: 'Ihre Sitzung ist beendet. Melden Sie sich erneut an, um fortzufahren.',
  },
  otherAccount: { en: 'Use another account', de: 'Anderes Konto verwenden' },
} satisfies Texts

/** While it is not known whether a user is signed in. */
export const checkTexts = {
  loading: { en: 'Loading…', de: 'Wird geladen …' },
  unavailableTitle: { en: 'Back in a moment', de: 'Gleich geht es weiter' },
  unavailable: {
    en: 'The service is not responding right now. You have not been signed out. This page will try again automatically.',
    de: 'Der Dienst antwortet gerade nicht. Sie wurden nicht abgemeldet. Diese Seite versucht es automatisch erneut.',
  },
  offlineTitle: { en: 'You are offline', de: 'Sie sind offline' },
  offline: {
    en: 'This page will continue automatically when you are back online.',
    de: 'Sobald Sie wieder online sind, geht es hier automatisch weiter.',
  },
} satisfies Texts
