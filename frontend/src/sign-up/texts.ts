import type { Texts } from '../texts/texts.ts'

export const signUpTexts = {
  title: { en: 'Create your account', de: 'Konto erstellen' },
  submit: { en: 'Create account', de: 'Konto erstellen' },
  busy: { en: 'Creating account…', de: 'Konto wird erstellt …' },
  hasAccount: { en: 'Already have an account?', de: 'Sie haben bereits ein Konto?' },
  toSignIn: { en: 'Sign in', de: 'Anmelden' },
  signInInstead: { en: 'Sign in with this email', de: 'Mit dieser Adresse anmelden' },
  emailTaken: {
    en: 'An account with this email already exists. Sign in to it, or use a different email.',
    de: 'Zu dieser E-Mail-Adresse gibt es bereits ein Konto. Melden Sie sich an oder verwenden Sie eine andere Adresse.',
  },
} satisfies Texts
