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

/** Of what can be connected: a way to sign in, a service. */
export const connectionTexts = {
  notConnected: { en: 'Not connected', de: 'Nicht verbunden' },
  since: {
    en: (date: string) => `Connected since ${date}`,
    de: (date: string) => `Verbunden seit ${date}`,
  },
  connect: { en: 'Connect', de: 'Verbinden' },
  connectThis: { en: (name: string) => `Connect ${name}`, de: (name: string) => `${name} verbinden` },
  leaving: { en: 'One moment…', de: 'Einen Moment …' },
  notBegun: {
    en: (name: string) => `${name} could not be connected.`,
    de: (name: string) => `${name} konnte nicht verbunden werden.`,
  },
  connected: { en: (name: string) => `${name} is connected.`, de: (name: string) => `${name} ist verbunden.` },
  remove: { en: 'Remove', de: 'Entfernen' },
  removing: { en: 'Removing…', de: 'Wird entfernt …' },
  removeThis: { en: (name: string) => `Remove ${name}`, de: (name: string) => `${name} entfernen` },
  removeTitle: { en: (name: string) => `Remove ${name}?`, de: (name: string) => `${name} entfernen?` },
  removed: { en: (name: string) => `${name} is removed.`, de: (name: string) => `${name} ist entfernt.` },
  notFresh: {
    en: 'You signed in a while ago. Sign out and in again, then you can change this.',
    de: 'Ihre Anmeldung liegt länger zurück. Melden Sie sich ab und wieder an, dann können Sie das ändern.',
  },
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
