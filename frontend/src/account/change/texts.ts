import type { Texts } from '../../texts/texts.ts'

export const changeTexts = {
  password: { en: 'Password', de: 'Passwort' },
  passwordHint: {
    en: 'Changing it signs out all other devices.',
    de: 'Wenn Sie es ändern, werden alle anderen Geräte abgemeldet.',
  },
  changePassword: { en: 'Change password', de: 'Passwort ändern' },
  currentPassword: { en: 'Current password', de: 'Bisheriges Passwort' },
  newPassword: { en: 'New password', de: 'Neues Passwort' },
  passwordChanged: {
    en: 'Your password has been changed. All other devices have been signed out.',
    de: 'Ihr Passwort wurde geändert. Alle anderen Geräte wurden abgemeldet.',
  },
  wrongPassword: { en: 'This is not your current password.', de: 'Das ist nicht Ihr bisheriges Passwort.' },
  noPassword: {
    en: 'Your account has no password yet. Sign out, then choose one with “Forgot your password?”.',
    de: 'Ihr Konto hat noch kein Passwort. Melden Sie sich ab und wählen Sie eines über „Passwort vergessen?“.',
  },
  email: { en: 'Email', de: 'E-Mail-Adresse' },
  changeEmail: { en: 'Change email', de: 'E-Mail-Adresse ändern' },
  emailHint: {
    en: 'We ask both addresses before anything changes.',
    de: 'Wir fragen bei beiden Adressen nach, bevor sich etwas ändert.',
  },
  newEmail: { en: 'New email', de: 'Neue E-Mail-Adresse' },
  sameEmail: { en: 'This is your current address.', de: 'Das ist Ihre bisherige Adresse.' },
  emailSentToOld: {
    en: (email: string) => `Confirm the change with the link that we have sent to ${email}.`,
    de: (email: string) => `Bestätigen Sie die Änderung über den Link, den wir an ${email} gesendet haben.`,
  },
  confirmEmail: { en: 'Confirm email', de: 'E-Mail-Adresse bestätigen' },
  confirmSent: {
    en: (email: string) => `We have sent a link to ${email}.`,
    de: (email: string) => `Wir haben einen Link an ${email} gesendet.`,
  },
  delete: { en: 'Delete account', de: 'Konto löschen' },
  deleteHint: {
    en: 'Your account and everything that belongs to it are deleted for good.',
    de: 'Ihr Konto und alles, was dazugehört, wird endgültig gelöscht.',
  },
  deleteSent: {
    en: (email: string) => `To delete the account, open the link that we have sent to ${email}. It works for one hour.`,
    de: (email: string) =>
      `Um das Konto zu löschen, öffnen Sie den Link, den wir an ${email} gesendet haben. Er gilt eine Stunde.`,
  },
  blocked: {
    en: 'Other data still needs this account, so nothing was deleted. Please contact support.',
    de: 'Andere Daten brauchen dieses Konto noch, deshalb wurde nichts gelöscht. Bitte wenden Sie sich an den Support.',
  },
  save: { en: 'Save', de: 'Speichern' },
  saving: { en: 'Saving…', de: 'Wird gespeichert …' },
  send: { en: 'Send link', de: 'Link senden' },
  sending: { en: 'Sending…', de: 'Wird gesendet …' },
  deleting: { en: 'Deleting…', de: 'Wird gelöscht …' },
} satisfies Texts
