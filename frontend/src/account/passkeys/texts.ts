import type { Texts } from '../../texts/texts.ts'

export const passkeyTexts = {
  title: { en: 'Passkeys', de: 'Passkeys für die Anmeldung' },
  hint: {
    en: 'Sign in with your fingerprint, face or PIN instead of a password.',
    de: 'Melden Sie sich mit Fingerabdruck, Gesicht oder PIN statt mit einem Passwort an.',
  },
  none: { en: 'You have no passkey yet.', de: 'Sie haben noch keinen Passkey.' },
  add: { en: 'Add a passkey', de: 'Passkey hinzufügen' },
  adding: { en: 'Waiting for your device…', de: 'Warten auf Ihr Gerät …' },
  added: { en: 'The passkey is added.', de: 'Der Passkey ist hinzugefügt.' },
  notAdded: { en: 'No passkey was added.', de: 'Es wurde kein Passkey hinzugefügt.' },
  unnamed: { en: 'Passkey', de: 'Unbenannter Passkey' },
  created: { en: (date: string) => `Added on ${date}`, de: (date: string) => `Hinzugefügt am ${date}` },
  used: { en: (date: string) => `last used on ${date}`, de: (date: string) => `zuletzt benutzt am ${date}` },
  rename: { en: 'Rename', de: 'Umbenennen' },
  renameThis: { en: (name: string) => `Rename ${name}`, de: (name: string) => `${name} umbenennen` },
  name: { en: 'Name of the passkey', de: 'Name des Passkeys' },
  save: { en: 'Save', de: 'Speichern' },
  saving: { en: 'Saving…', de: 'Wird gespeichert …' },
  renamed: { en: 'The passkey is renamed.', de: 'Der Passkey ist umbenannt.' },
  remove: { en: 'Remove', de: 'Entfernen' },
  removeThis: { en: (name: string) => `Remove ${name}`, de: (name: string) => `${name} entfernen` },
  removeTitle: { en: 'Remove this passkey?', de: 'Diesen Passkey entfernen?' },
  removeReason: {
    en: (name: string) =>
      `${name} will not sign you in any more. Your device may go on offering it until you remove it there too.`,
    de: (name: string) =>
      `Mit ${name} können Sie sich dann nicht mehr anmelden. Ihr Gerät bietet ihn vielleicht an, bis Sie ihn auch dort entfernen.`,
  },
  removing: { en: 'Removing…', de: 'Wird entfernt …' },
  removed: { en: 'The passkey is removed.', de: 'Der Passkey ist entfernt.' },
  exists: {
    en: 'This device has a passkey for your account already.',
    de: 'Dieses Gerät hat schon einen Passkey für Ihr Konto.',
  },
  cancelled: {
    en: 'The request was closed, or took too long.',
    de: 'Die Anfrage wurde geschlossen oder hat zu lange gedauert.',
  },
  notFresh: {
    en: 'You signed in a while ago. Sign out and in again, then add it.',
    de: 'Ihre Anmeldung liegt länger zurück. Melden Sie sich ab und wieder an, dann fügen Sie ihn hinzu.',
  },
  lastWayIn: {
    en: 'This passkey is your only way to sign in. Add another one, or set a password, first.',
    de: 'Dieser Passkey ist Ihre einzige Anmeldung. Fügen Sie erst einen anderen hinzu, oder legen Sie ein Passwort fest.',
  },
  gone: { en: 'This passkey has been removed already.', de: 'Dieser Passkey wurde schon entfernt.' },
  nameMissing: { en: 'Enter a name.', de: 'Geben Sie einen Namen ein.' },
  loaded: { en: 'Your passkeys are loaded.', de: 'Ihre Passkeys sind geladen.' },
  notLoaded: { en: 'Your passkeys could not be loaded.', de: 'Ihre Passkeys konnten nicht geladen werden.' },
} satisfies Texts
