import type { Texts } from '../../texts/texts.ts'

export const formTexts = {
  summaryTitle: { en: 'There is a problem', de: 'Das hat nicht geklappt' },
  timeLeft: {
    en: (seconds: number) => `Time left: ${seconds} ${seconds === 1 ? 'second' : 'seconds'}`,
    de: (seconds: number) => `Noch ${seconds} ${seconds === 1 ? 'Sekunde' : 'Sekunden'}`,
  },
  entryIsFine: {
    en: 'There is nothing wrong with what you entered.',
    de: 'An Ihren Eingaben liegt es nicht.',
  },
  waitIsOver: { en: 'You can try again now.', de: 'Sie können es jetzt erneut versuchen.' },
} satisfies Texts

export const fieldTexts = {
  name: { en: 'Name', de: 'Vor- und Nachname' },
  email: { en: 'Email', de: 'E-Mail-Adresse' },
  password: { en: 'Password', de: 'Passwort' },
  passwordHint: {
    en: (min: number) =>
      `At least ${min} characters${min < 15 ? '; 15 or more is better' : ''}. All characters are allowed, including spaces.`,
    de: (min: number) =>
      `Mindestens ${min} Zeichen${min < 15 ? ', besser 15 oder mehr' : ''}. Alle Zeichen sind erlaubt, auch Leerzeichen.`,
  },
  code: { en: 'Code', de: 'Code aus der App' },
  mailedCode: { en: 'Code from the email', de: 'Code aus der E-Mail' },
  backupCode: { en: 'Backup code', de: 'Backup-Code (Notfall)' },
  showPassword: { en: 'Show password', de: 'Passwort anzeigen' },
  capsLock: { en: 'Caps Lock is on.', de: 'Die Feststelltaste ist aktiviert.' },
} satisfies Texts

/** What the user has to correct in a field. */
export const ruleTexts = {
  nameInvisible: {
    en: 'Enter a name with visible characters.',
    de: 'Geben Sie einen Namen mit sichtbaren Zeichen ein.',
  },
  nameTooLong: {
    en: 'A name can have at most 255 characters.',
    de: 'Der Name darf höchstens 255 Zeichen haben.',
  },
  emailMissing: { en: 'Enter your email address.', de: 'Geben Sie Ihre E-Mail-Adresse ein.' },
  emailInvalid: {
    en: 'Enter an email address like name@example.com.',
    de: 'Geben Sie eine E-Mail-Adresse wie name@example.com ein.',
  },
  passwordMissing: { en: 'Enter your password.', de: 'Geben Sie Ihr Passwort ein.' },
  passwordShort: {
    en: (min: number) => `The password must have at least ${min} characters.`,
    de: (min: number) => `Das Passwort muss mindestens ${min} Zeichen haben.`,
  },
  /** The auth server asks for more characters than this page knew. */
  passwordTooShort: { en: 'This password is too short.', de: 'Dieses Passwort ist zu kurz.' },
  passwordLong: {
    en: 'The password can have at most 128 characters.',
    de: 'Das Passwort darf höchstens 128 Zeichen haben.',
  },
  passwordBreached: {
    en: 'This password has appeared in a data breach, so others may try it. Choose a different one.',
    de: 'Dieses Passwort ist aus einem Datenleck bekannt, andere könnten es ausprobieren. Wählen Sie ein anderes.',
  },
} satisfies Texts

/** Of an authenticator app. */
export const codeTexts = {
  missing: { en: 'Enter the code.', de: 'Geben Sie den Code ein.' },
  digits: { en: 'A code has 6 digits.', de: 'Ein Code hat 6 Ziffern.' },
  wrong: {
    en: 'This code is incorrect, or has been used. Enter the next one that the app shows.',
    de: 'Dieser Code ist falsch oder wurde schon benutzt. Geben Sie den nächsten ein, den die App zeigt.',
  },
} satisfies Texts

/** What can go wrong with any request. */
export const errorTexts = {
  impersonating: {
    en: 'Only the user can do this. You are signed in for them as an administrator.',
    de: 'Das kann nur der Benutzer selbst tun. Sie sind als Administrator für ihn angemeldet.',
  },
  offline: {
    en: 'You are offline. Check your connection and try again.',
    de: 'Sie sind offline. Prüfen Sie Ihre Verbindung und versuchen Sie es erneut.',
  },
  unavailable: {
    en: 'The service is unavailable right now. Try again in a moment.',
    de: 'Der Dienst ist gerade nicht erreichbar. Versuchen Sie es gleich noch einmal.',
  },
  unexpected: {
    en: 'Something went wrong on our side. Try again, and contact support if it keeps happening.',
    de: 'Bei uns ist etwas schiefgegangen. Versuchen Sie es erneut, und wenden Sie sich an den Support, wenn es wieder passiert.',
  },
  refused: { en: 'The service rejected this request.', de: 'Der Dienst hat diese Anfrage abgelehnt.' },
  tooMany: {
    en: 'Too many attempts. Wait a moment, then try again.',
    de: 'Zu viele Versuche. Warten Sie einen Moment und versuchen Sie es dann erneut.',
  },
  banned: { en: 'This account has been blocked.', de: 'Dieses Konto ist gesperrt.' },
  originRefused: {
    en: 'This page was opened at an address that the service does not accept.',
    de: 'Diese Seite wurde unter einer Adresse geöffnet, die der Dienst nicht akzeptiert.',
  },
  noCookie: {
    en: 'You signed in, but your browser did not keep the session. Allow cookies for this site and try again.',
    de: 'Sie haben sich angemeldet, aber Ihr Browser hat die Sitzung nicht gespeichert. Erlauben Sie Cookies für diese Website und versuchen Sie es erneut.',
  },
} satisfies Texts
