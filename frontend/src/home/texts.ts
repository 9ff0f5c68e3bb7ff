import type { Texts } from '../texts/texts.ts'

export const homeTexts = {
  title: { en: 'Home', de: 'Startseite' },
  greeting: {
    en: (name: string) => `Hello, ${name}`,
    de: (name: string) => `Hallo, ${name}`,
  },
  signedIn: { en: 'You are signed in', de: 'Sie sind angemeldet' },
  toApp: { en: 'Continue', de: 'Weiter' },
} satisfies Texts

export const notFoundTexts = {
  title: { en: 'Page not found', de: 'Seite nicht gefunden' },
  explanation: {
    en: 'There is no page at this address. The link may be outdated or mistyped.',
    de: 'Unter dieser Adresse gibt es keine Seite. Vielleicht ist der Link veraltet oder enthält einen Tippfehler.',
  },
  toHome: { en: 'Go to the home page', de: 'Zur Startseite' },
} satisfies Texts
