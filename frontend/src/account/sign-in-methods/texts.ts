import type { Texts } from '../../texts/texts.ts'

export const signInMethodsTexts = {
  title: { en: 'Ways to sign in', de: 'Anmeldearten' },
  hint: {
    en: 'With each of these you get into your account.',
    de: 'Mit jeder davon gelangen Sie in Ihr Konto.',
  },
  password: { en: 'Password', de: 'Passwort' },
  passwordSet: { en: 'Is set', de: 'Ist eingerichtet' },
  notOffered: {
    en: 'You cannot sign in with this any more.',
    de: 'Damit können Sie sich nicht mehr anmelden.',
  },
  removeReason: {
    en: (name: string) => `You will not be able to sign in with ${name} any more. You can connect it again later.`,
    de: (name: string) =>
      `Mit ${name} können Sie sich dann nicht mehr anmelden. Sie können es später wieder verbinden.`,
  },
  onlyWay: {
    en: 'This is your only way to sign in. Add another one before you remove it.',
    de: 'Anders können Sie sich nicht anmelden. Richten Sie erst etwas anderes ein, bevor Sie es entfernen.',
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
