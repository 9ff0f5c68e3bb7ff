import type { Texts } from '../../texts/texts.ts'

export const userMenuTexts = {
  account: {
    en: (name: string) => `Account: ${name}`,
    de: (name: string) => `Konto: ${name}`,
  },
  home: { en: 'Home', de: 'Startseite' },
  yourAccount: { en: 'Your account', de: 'Ihr Konto' },
  signOut: { en: 'Sign out', de: 'Abmelden' },
  signingOut: { en: 'Signing out…', de: 'Abmeldung läuft …' },
  signOutFailed: {
    en: 'You are still signed in: signing out did not work.',
    de: 'Sie sind noch angemeldet: Die Abmeldung ist fehlgeschlagen.',
  },
} satisfies Texts
