import type { Texts } from '../../texts/texts.ts'

export const signInMethodsTexts = {
  title: { en: 'Ways to sign in', de: 'Anmeldearten' },
  hint: {
    en: 'With each of these you get into your account.',
    de: 'Mit jeder davon gelangen Sie in Ihr Konto.',
  },
  password: { en: 'Password', de: 'Passwort' },
  passwordSet: { en: 'Is set', de: 'Ist eingerichtet' },
  since: {
    en: (date: string) => `Connected since ${date}`,
    de: (date: string) => `Verbunden seit ${date}`,
  },
  notConnected: { en: 'Not connected', de: 'Nicht verbunden' },
  notOffered: {
    en: 'You cannot sign in with this any more.',
    de: 'Damit können Sie sich nicht mehr anmelden.',
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
  removeReason: {
    en: (name: string) => `You will not be able to sign in with ${name} any more. You can connect it again later.`,
    de: (name: string) =>
      `Mit ${name} können Sie sich dann nicht mehr anmelden. Sie können es später wieder verbinden.`,
  },
  removed: { en: (name: string) => `${name} is removed.`, de: (name: string) => `${name} ist entfernt.` },
  onlyWay: {
    en: 'This is your only way to sign in. Add another one before you remove it.',
    de: 'Anders können Sie sich nicht anmelden. Richten Sie erst etwas anderes ein, bevor Sie es entfernen.',
  },
  notFresh: {
    en: 'You signed in a while ago. Sign out and in again, then you can change this.',
    de: 'Ihre Anmeldung liegt länger zurück. Melden Sie sich ab und wieder an, dann können Sie das ändern.',
  },
  verifyFirst: {
    en: 'Confirm your email address first.',
    de: 'Bestätigen Sie zuerst Ihre E-Mail-Adresse.',
  },
  loaded: { en: 'Your ways to sign in are loaded.', de: 'Ihre Anmeldearten sind geladen.' },
  notLoaded: {
    en: 'Your ways to sign in could not be loaded.',
    de: 'Ihre Anmeldearten konnten nicht geladen werden.',
  },
} satisfies Texts
