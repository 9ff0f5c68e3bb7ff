import type { Texts } from '../../texts/texts.ts'

export const twoFactorTexts = {
  title: { en: 'Two-factor authentication', de: 'Zwei-Faktor-Authentifizierung' },
  hint: {
    en: 'After your password, an app on your phone confirms that it is you.',
    de: 'Nach dem Passwort bestätigt eine App auf Ihrem Telefon, dass Sie es sind.',
  },
  on: { en: 'On', de: 'Aktiv' },
  off: { en: 'Off', de: 'Nicht aktiv' },
  app: { en: 'Authenticator app', de: 'Authenticator-App' },
  backupCodes: { en: 'Backup codes', de: 'Backup-Codes' },
  codesLeft: {
    en: (count: number) => (count === 1 ? '1 code is left' : `${count} codes are left`),
    de: (count: number) => (count === 1 ? '1 Code übrig' : `${count} Codes übrig`),
  },
  setUp: { en: 'Set up', de: 'Einrichten' },
  settingUp: { en: 'Setting up…', de: 'Wird eingerichtet …' },
  turnOff: { en: 'Turn off', de: 'Ausschalten' },
  turningOff: { en: 'Turning off…', de: 'Wird ausgeschaltet …' },
  turnedOn: { en: 'Two-factor authentication is on.', de: 'Die Zwei-Faktor-Authentifizierung ist aktiv.' },
  turnedOff: {
    en: 'Two-factor authentication is off.',
    de: 'Die Zwei-Faktor-Authentifizierung ist ausgeschaltet.',
  },
  turnOffReason: {
    en: 'Your password alone will open your account. You stay signed in here, and are signed out on your other devices.',
    de: 'Ihr Konto ist dann nur noch durch das Passwort geschützt. Hier bleiben Sie angemeldet, auf Ihren anderen Geräten werden Sie abgemeldet.',
  },
  anyCode: {
    en: 'From the app, or one of your backup codes.',
    de: 'Aus der App, oder einer Ihrer Backup-Codes.',
  },
  next: { en: 'Continue', de: 'Weiter' },
  scan: {
    en: 'Scan this code with your authenticator app.',
    de: 'Scannen Sie diesen Code mit Ihrer Authenticator-App.',
  },
  qrCode: { en: 'QR code for your authenticator app', de: 'QR-Code für Ihre Authenticator-App' },
  orType: { en: 'Or type this key into the app:', de: 'Oder geben Sie diesen Schlüssel in die App ein:' },
  copyKey: { en: 'Copy the key', de: 'Schlüssel kopieren' },
  copied: { en: 'Copied', de: 'Kopiert' },
  notCopied: {
    en: 'Your browser did not allow it. Select the text and copy it.',
    de: 'Ihr Browser hat es nicht erlaubt. Markieren und kopieren Sie den Text.',
  },
  thenCode: {
    en: 'Then enter the code that the app shows. You will be signed out on your other devices.',
    de: 'Geben Sie dann den Code ein, den die App zeigt. Auf Ihren anderen Geräten werden Sie abgemeldet.',
  },
  turnOn: { en: 'Turn on', de: 'Aktivieren' },
  turningOn: { en: 'Turning on…', de: 'Wird aktiviert …' },
  newCodes: { en: 'New codes', de: 'Neue Codes' },
  makingCodes: { en: 'Making codes…', de: 'Codes werden erzeugt …' },
  newCodesReason: {
    en: 'The codes that you have now will stop working.',
    de: 'Ihre bisherigen Codes gelten dann nicht mehr.',
  },
  saveCodes: { en: 'Save your backup codes', de: 'Speichern Sie Ihre Backup-Codes' },
  saveReason: {
    en: 'Without your phone, one of these codes signs you in. Each works once. They are shown only now.',
    de: 'Ohne Ihr Telefon melden Sie sich mit einem dieser Codes an. Jeder gilt einmal. Sie werden nur jetzt angezeigt.',
  },
  copy: { en: 'Copy', de: 'Kopieren' },
  download: { en: 'Download', de: 'Herunterladen' },
  print: { en: 'Print', de: 'Drucken' },
  saved: { en: 'I have saved them', de: 'Ich habe sie gespeichert' },
  fileTitle: {
    en: (account: string) => `Backup codes for ${account}. Each works once.`,
    de: (account: string) => `Backup-Codes für ${account}. Jeder gilt einmal.`,
  },
  trusted: { en: 'Devices that are not asked for a code', de: 'Geräte, auf denen nicht nach einem Code gefragt wird' },
  until: { en: (date: string) => `Until ${date}`, de: (date: string) => `Bis ${date}` },
  thisDevice: { en: 'This device', de: 'Dieses Gerät' },
  unknownDevice: { en: 'Unknown device', de: 'Unbekanntes Gerät' },
  forget: { en: 'Ask again', de: 'Wieder fragen' },
  forgetting: { en: 'Saving…', de: 'Wird gespeichert …' },
  forgotten: {
    en: 'This device will be asked for a code again.',
    de: 'Auf diesem Gerät wird wieder nach einem Code gefragt.',
  },
  notForgotten: { en: 'This was not saved.', de: 'Das wurde nicht gespeichert.' },
  wrongPassword: { en: 'The password is incorrect.', de: 'Das Passwort ist falsch.' },
  notFresh: {
    en: 'You signed in a while ago. Sign out and in again, then continue here.',
    de: 'Ihre Anmeldung liegt länger zurück. Melden Sie sich ab und wieder an, dann geht es hier weiter.',
  },
  elsewhere: {
    en: 'This has been changed in another window. Reload the page.',
    de: 'Das wurde in einem anderen Fenster geändert. Laden Sie die Seite neu.',
  },
  loaded: {
    en: 'Two-factor authentication is loaded.',
    de: 'Die Zwei-Faktor-Authentifizierung ist geladen.',
  },
  notLoaded: {
    en: 'Two-factor authentication could not be loaded.',
    de: 'Die Zwei-Faktor-Authentifizierung konnte nicht geladen werden.',
  },
} satisfies Texts
