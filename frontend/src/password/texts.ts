import type { Texts } from '../texts/texts.ts'

export const passwordTexts = {
  forgotTitle: { en: 'Forgot your password?', de: 'Passwort vergessen?' },
  forgotHint: {
    en: 'Enter your email address. We will send you a link to choose a new password.',
    de: 'Geben Sie Ihre E-Mail-Adresse ein. Wir senden Ihnen einen Link, mit dem Sie ein neues Passwort wählen.',
  },
  send: { en: 'Send link', de: 'Link senden' },
  sending: { en: 'Sending…', de: 'Wird gesendet …' },
  sentTitle: { en: 'Check your email', de: 'Sehen Sie in Ihr Postfach' },
  /** Not whether there is one: that is nobody else's business. */
  sent: {
    en: (email: string) =>
      `If ${email} has an account, an email with a link is on its way. The link works for one hour.`,
    de: (email: string) =>
      `Wenn es zu ${email} ein Konto gibt, ist eine E-Mail mit einem Link unterwegs. Der Link gilt eine Stunde.`,
  },
  otherAddress: { en: 'Use another address', de: 'Andere Adresse verwenden' },
  toSignIn: { en: 'Back to sign-in', de: 'Zurück zur Anmeldung' },
  noMailTitle: { en: 'This service sends no email', de: 'Dieser Dienst versendet keine E-Mails' },
  noMail: {
    en: 'So it cannot send you a link. Ask whoever runs it for help.',
    de: 'Deshalb kann er Ihnen keinen Link senden. Wenden Sie sich an den Betreiber.',
  },
  resetTitle: { en: 'Choose a new password', de: 'Neues Passwort wählen' },
  newPassword: { en: 'New password', de: 'Neues Passwort' },
  everyoneOut: {
    en: 'All devices will be signed out.',
    de: 'Alle Geräte werden abgemeldet.',
  },
  save: { en: 'Save password', de: 'Passwort speichern' },
  saving: { en: 'Saving…', de: 'Wird gespeichert …' },
  askAgain: { en: 'Ask for a new link', de: 'Neuen Link anfordern' },
  changedTitle: { en: 'Your password has been changed', de: 'Ihr Passwort wurde geändert' },
  changed: {
    en: 'All devices have been signed out. Sign in with the new password.',
    de: 'Alle Geräte wurden abgemeldet. Melden Sie sich mit dem neuen Passwort an.',
  },
  signIn: { en: 'Sign in', de: 'Anmelden' },
} satisfies Texts
