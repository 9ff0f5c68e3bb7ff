import type { Texts } from '../../texts/texts.ts'

export const askTexts = {
  title: { en: 'Sign in by email', de: 'Per E-Mail anmelden' },
  hint: {
    en: 'We will send you an email to sign in with. You need no password.',
    de: 'Wir senden Ihnen eine E-Mail, mit der Sie sich anmelden. Sie brauchen kein Passwort.',
  },
  send: { en: 'Send email', de: 'E-Mail senden' },
  sending: { en: 'Sending…', de: 'Wird gesendet …' },
  toSignIn: { en: 'Back to sign-in', de: 'Zurück zur Anmeldung' },
} satisfies Texts

export const sentTexts = {
  title: { en: 'Check your email', de: 'Sehen Sie in Ihr Postfach' },
  /** Not whether there is an account: that is nobody else's business. */
  sent: {
    en: (email: string) => `If ${email} has an account, an email is on its way.`,
    de: (email: string) => `Wenn es zu ${email} ein Konto gibt, ist eine E-Mail unterwegs.`,
  },
  /** Where it is known: the user's own. */
  sentToUser: {
    en: (email: string) => `An email is on its way to ${email}.`,
    de: (email: string) => `Eine E-Mail an ${email} ist unterwegs.`,
  },
  usePassword: { en: 'Use the password', de: 'Passwort verwenden' },
  openLink: { en: 'Open the link in it to sign in.', de: 'Öffnen Sie den Link darin, um sich anzumelden.' },
  enterCode: { en: 'Enter the code in it here.', de: 'Geben Sie den Code daraus hier ein.' },
  either: {
    en: 'Open the link in it, or enter the code here.',
    de: 'Öffnen Sie den Link darin, oder geben Sie den Code hier ein.',
  },
  otherAddress: { en: 'Use another address', de: 'Andere Adresse verwenden' },
  wrongCode: {
    en: 'This code is wrong or no longer works. After five wrong tries you need a new one.',
    de: 'Dieser Code ist falsch oder gilt nicht mehr. Nach fünf falschen Eingaben brauchen Sie einen neuen.',
  },
  suspended: { en: 'This account has been suspended.', de: 'Dieses Konto wurde gesperrt.' },
} satisfies Texts

/** Where the link of the mail leads. */
export const linkTexts = {
  as: {
    en: (email: string) => `You are about to sign in as ${email}.`,
    de: (email: string) => `Sie melden sich als ${email} an.`,
  },
  inPlaceOf: {
    en: (email: string) => `This browser is now signed in as ${email}.`,
    de: (email: string) => `Dieser Browser ist jetzt als ${email} angemeldet.`,
  },
  askAgain: { en: 'Ask for a new link', de: 'Neuen Link anfordern' },
} satisfies Texts

/** After the first sign-in by mail to an account that nobody had confirmed. */
export const claimedTexts = {
  title: { en: 'Your email address is confirmed', de: 'Ihre E-Mail-Adresse ist bestätigt' },
  reason: {
    en: 'Someone else could have set up the account before. So its old password no longer works, and all other devices were signed out.',
    de: 'Jemand anderes könnte das Konto vorher eingerichtet haben. Deshalb gilt das bisherige Passwort nicht mehr, und alle anderen Geräte wurden abgemeldet.',
  },
  continue: { en: 'Continue', de: 'Weiter' },
  newPassword: { en: 'Choose a new password', de: 'Neues Passwort wählen' },
} satisfies Texts
