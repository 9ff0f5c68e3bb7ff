import type { Texts } from '../texts/texts.ts'

export const profileTexts = {
  title: { en: 'Your profile', de: 'Ihr Profil' },
  since: {
    en: (date: string) => `Member since ${date}`,
    de: (date: string) => `Dabei seit ${date}`,
  },
  loaded: { en: 'Your profile is loaded.', de: 'Ihr Profil ist geladen.' },
  notLoaded: { en: 'Your profile could not be loaded.', de: 'Ihr Profil konnte nicht geladen werden.' },
} satisfies Texts
