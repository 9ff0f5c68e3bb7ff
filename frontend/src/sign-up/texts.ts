import type { Texts } from '../texts/texts.ts'

export const signUpTexts = {
  title: { en: 'Create your account', de: 'Konto erstellen' },
  submit: { en: 'Create account', de: 'Konto erstellen' },
  busy: { en: 'Creating account…', de: 'Konto wird erstellt …' },
  hasAccount: { en: 'Already have an account?', de: 'Sie haben bereits ein Konto?' },
  toSignIn: { en: 'Sign in', de: 'Anmelden' },
  signInInstead: { en: 'Sign in with this email', de: 'Mit dieser Adresse anmelden' },
  closedTitle: { en: 'Sign-up is closed', de: 'Keine neuen Konten' },
  closed: {
    en: 'You cannot create an account here yourself. If you need one, ask whoever runs this service.',
    de: 'Sie können hier nicht selbst ein Konto erstellen. Wenn Sie eines brauchen, wenden Sie sich an den Betreiber dieses Dienstes.',
  },
  checkTitle: { en: 'Check your email', de: 'Sehen Sie in Ihr Postfach' },
  /** Also where the address has an account already: the email says so, this page must not. */
  check: {
    en: (email: string) => `We have sent an email to ${email}. Open the link in it to finish.`,
    de: (email: string) => `Wir haben eine E-Mail an ${email} gesendet. Öffnen Sie den Link darin, um fortzufahren.`,
  },
  toStart: { en: 'Use another address', de: 'Andere Adresse verwenden' },
  emailTaken: {
    en: 'An account with this email already exists. Sign in to it, or use a different email.',
    de: 'Zu dieser E-Mail-Adresse gibt es bereits ein Konto. Melden Sie sich an oder verwenden Sie eine andere Adresse.',
  },
} satisfies Texts
