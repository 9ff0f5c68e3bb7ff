import type { Texts } from '../texts/texts.ts'

export const accountTexts = {
  title: { en: 'Your account', de: 'Ihr Konto' },
  profile: { en: 'Profile', de: 'Profil' },
  confirmed: { en: 'Confirmed', de: 'Bestätigt' },
  notConfirmed: { en: 'Not confirmed', de: 'Nicht bestätigt' },
} satisfies Texts

/** What somebody was signed in with. */
export const deviceTexts = {
  /** Behind the name of a browser. */
  onSystem: { en: (system: string) => `on ${system}`, de: (system: string) => `auf ${system}` },
  unknownDevice: { en: 'Unknown device', de: 'Unbekanntes Gerät' },
} satisfies Texts

/** Of the card on the home page. */
export const profileTexts = {
  title: { en: 'Your profile', de: 'Ihr Profil' },
  since: {
    en: (date: string) => `Member since ${date}`,
    de: (date: string) => `Dabei seit ${date}`,
  },
  loaded: { en: 'Your profile is loaded.', de: 'Ihr Profil ist geladen.' },
  notLoaded: { en: 'Your profile could not be loaded.', de: 'Ihr Profil konnte nicht geladen werden.' },
} satisfies Texts
