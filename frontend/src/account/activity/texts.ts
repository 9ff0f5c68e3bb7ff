import type { Texts } from '../../texts/texts.ts'

export const activityTexts = {
  title: { en: 'Recent activity', de: 'Letzte Aktivitäten' },
  notYou: { en: 'Was this not you?', de: 'Waren Sie das nicht?' },
  signOutFirst: { en: 'Sign out all other devices', de: 'Melden Sie alle anderen Geräte ab' },
  thenPassword: { en: 'change your password', de: 'ändern Sie Ihr Passwort' },
  and: { en: ', then', de: ', und' },
  thisDevice: { en: 'This device', de: 'Dieses Gerät' },
  byAdministrator: { en: 'By an administrator', de: 'Durch die Administration' },
  more: { en: 'Show more', de: 'Mehr anzeigen' },
  loadingMore: { en: 'Loading…', de: 'Wird geladen …' },
  loadedMore: {
    en: (count: number) => `${count} more ${count === 1 ? 'entry' : 'entries'} loaded.`,
    de: (count: number) => `${count} weitere ${count === 1 ? 'Eintrag' : 'Einträge'} geladen.`,
  },
  noMore: { en: 'There is nothing older.', de: 'Es gibt nichts Älteres.' },
  none: { en: 'Nothing has been recorded yet.', de: 'Es ist noch nichts verzeichnet.' },
  loaded: { en: 'Your activity is loaded.', de: 'Ihre Aktivitäten sind geladen.' },
  notLoaded: {
    en: 'Your recent activity could not be loaded.',
    de: 'Ihre letzten Aktivitäten konnten nicht geladen werden.',
  },
} satisfies Texts

/** What happened, by its type. */
export const eventTexts = {
  signedUp: { en: 'Account created', de: 'Konto erstellt' },
  signedIn: { en: 'Signed in', de: 'Angemeldet' },
  signedInNew: { en: 'Signed in on a new device', de: 'Auf einem neuen Gerät angemeldet' },
  signInFailed: { en: 'Failed sign-in', de: 'Fehlgeschlagene Anmeldung' },
  signedOut: { en: 'Signed out', de: 'Abgemeldet' },
  revokedOne: {
    en: (device: string) => `Signed out another device: ${device}`,
    de: (device: string) => `Anderes Gerät abgemeldet: ${device}`,
  },
  revokedSeveral: {
    en: (count: number) => (count === 1 ? 'Signed out 1 other device' : `Signed out ${count} other devices`),
    de: (count: number) => (count === 1 ? '1 anderes Gerät abgemeldet' : `${count} andere Geräte abgemeldet`),
  },
  passwordChanged: { en: 'Password changed', de: 'Passwort geändert' },
  passwordReset: { en: 'Password reset by email', de: 'Passwort per E-Mail zurückgesetzt' },
  methodAdded: {
    en: (provider: string) => `Way to sign in added: ${provider}`,
    de: (provider: string) => `Anmeldeart hinzugefügt: ${provider}`,
  },
  methodRemoved: {
    en: (provider: string) => `Way to sign in removed: ${provider}`,
    de: (provider: string) => `Anmeldeart entfernt: ${provider}`,
  },
  serviceConnected: {
    en: (service: string) => `Service connected: ${service}`,
    de: (service: string) => `Dienst verbunden: ${service}`,
  },
  serviceRemoved: {
    en: (service: string) => `Service removed: ${service}`,
    de: (service: string) => `Dienst entfernt: ${service}`,
  },
  password: { en: 'password', de: 'Passwort' },
  passkeyAdded: { en: 'Passkey added', de: 'Passkey hinzugefügt' },
  passkeyAddedAs: {
    en: (name: string) => `Passkey added: ${name}`,
    de: (name: string) => `Passkey hinzugefügt: ${name}`,
  },
  passkeyRenamed: { en: 'Passkey renamed', de: 'Passkey umbenannt' },
  passkeyRenamedTo: {
    en: (name: string) => `Passkey renamed to ${name}`,
    de: (name: string) => `Passkey umbenannt in ${name}`,
  },
  passkeyRemoved: { en: 'Passkey removed', de: 'Passkey entfernt' },
  passkeyRemovedAs: {
    en: (name: string) => `Passkey removed: ${name}`,
    de: (name: string) => `Passkey entfernt: ${name}`,
  },
  secondFactorEnabled: { en: 'Two-factor authentication turned on', de: 'Zwei-Faktor-Authentifizierung aktiviert' },
  secondFactorDisabled: {
    en: 'Two-factor authentication turned off',
    de: 'Zwei-Faktor-Authentifizierung ausgeschaltet',
  },
  backupCodesCreated: { en: 'New backup codes created', de: 'Neue Backup-Codes erzeugt' },
  backupCodeUsed: { en: 'Backup code used', de: 'Backup-Code benutzt' },
  deviceTrusted: { en: 'Device trusted for 30 days', de: 'Gerät für 30 Tage als vertraut eingestuft' },
  deviceForgotten: { en: 'Trusted device removed', de: 'Vertrautes Gerät entfernt' },
  emailChanged: {
    en: (email: string) => `Email changed to ${email}`,
    de: (email: string) => `E-Mail-Adresse geändert in ${email}`,
  },
  emailVerified: { en: 'Email confirmed', de: 'E-Mail-Adresse bestätigt' },
  userCreated: { en: 'Account created for you', de: 'Konto für Sie angelegt' },
  roleChanged: { en: 'Your role changed', de: 'Ihre Rolle wurde geändert' },
  banned: { en: 'Account blocked', de: 'Konto gesperrt' },
  unbanned: { en: 'Account unblocked', de: 'Konto entsperrt' },
  userDeleted: { en: 'Account deleted', de: 'Konto gelöscht' },
  impersonationStarted: { en: 'Signed in to your account', de: 'Anmeldung in Ihrem Konto' },
  impersonationStopped: { en: 'Signed out of your account', de: 'Abmeldung aus Ihrem Konto' },
  other: { en: 'Change to your account', de: 'Änderung an Ihrem Konto' },
} satisfies Texts
