import type { Texts } from '../../texts/texts.ts'

export const devicesTexts = {
  title: { en: 'Devices', de: 'Geräte' },
  hint: { en: 'Where you are signed in.', de: 'Hier sind Sie angemeldet.' },
  thisDevice: { en: 'This device', de: 'Dieses Gerät' },
  impersonation: { en: 'Used by an administrator', de: 'Von der Administration genutzt' },
  activeNow: { en: 'Active now', de: 'Jetzt aktiv' },
  // A service that has checked a session may use it for a day without asking again.
  activeToday: { en: 'Active in the last 24 hours', de: 'In den letzten 24 Stunden aktiv' },
  lastActive: {
    en: (ago: string) => `Last active ${ago}`,
    de: (ago: string) => `Zuletzt aktiv ${ago}`,
  },
  signedIn: {
    en: (date: string) => `Signed in on ${date}`,
    de: (date: string) => `Angemeldet am ${date}`,
  },
  signOut: { en: 'Sign out', de: 'Abmelden' },
  signingOut: { en: 'Signing out…', de: 'Wird abgemeldet …' },
  signOutThis: {
    en: (device: string) => `Sign out ${device}`,
    de: (device: string) => `${device} abmelden`,
  },
  signedOut: {
    en: (device: string) => `Signed out: ${device}.`,
    de: (device: string) => `Abgemeldet: ${device}.`,
  },
  notSignedOut: { en: 'This device is still signed in.', de: 'Dieses Gerät ist noch angemeldet.' },
  nowhereElse: { en: 'You are signed in nowhere else.', de: 'Sie sind sonst nirgends angemeldet.' },
  signOutOthers: { en: 'Sign out all other devices', de: 'Alle anderen Geräte abmelden' },
  signOutOthersTitle: { en: 'Sign out all other devices?', de: 'Alle anderen Geräte abmelden?' },
  signOutAll: { en: 'Sign out all', de: 'Alle abmelden' },
  signOutOthersReason: {
    en: 'Only this device stays signed in. On the others, the password is needed to sign in again.',
    de: 'Nur dieses Gerät bleibt angemeldet. Auf den anderen ist für eine neue Anmeldung das Passwort nötig.',
  },
  othersSignedOut: { en: 'All other devices are signed out.', de: 'Alle anderen Geräte sind abgemeldet.' },
  showAll: {
    en: (count: number) => `Show all ${count} devices`,
    de: (count: number) => `Alle ${count} Geräte anzeigen`,
  },
  notAll: {
    en: (count: number) => `There are ${count} in total. The list has those that were active last.`,
    de: (count: number) => `Insgesamt sind es ${count}. Die Liste zeigt die zuletzt aktiven.`,
  },
  loaded: { en: 'Your devices are loaded.', de: 'Ihre Geräte sind geladen.' },
  notLoaded: { en: 'Your devices could not be loaded.', de: 'Ihre Geräte konnten nicht geladen werden.' },
} satisfies Texts
