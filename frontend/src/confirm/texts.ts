import type { Texts } from '../texts/texts.ts'

export const confirmTexts = {
  verifyTitle: { en: 'Confirm your email address', de: 'E-Mail-Adresse bestätigen' },
  /** Why: somebody else may have chosen the account's password. */
  verifyHint: {
    en: 'Enter the password of your account, so that we know that the account is yours as well.',
    de: 'Geben Sie das Passwort Ihres Kontos ein, damit wir wissen, dass auch das Konto Ihnen gehört.',
  },
  verifySignedIn: {
    en: (email: string) => `Confirm that ${email} is your address.`,
    de: (email: string) => `Bestätigen Sie, dass ${email} Ihre Adresse ist.`,
  },
  verify: { en: 'Confirm', de: 'Bestätigen' },
  verifying: { en: 'Confirming…', de: 'Wird bestätigt …' },
  wrongPassword: {
    en: 'This is not the password of the account.',
    de: 'Das ist nicht das Passwort des Kontos.',
  },
  chooseNew: { en: 'Choose a new password', de: 'Neues Passwort wählen' },
  askAgain: { en: 'Ask for a new link', de: 'Neuen Link anfordern' },
  toHome: { en: 'Continue', de: 'Weiter' },
  sendHint: {
    en: 'Your account can be used once you have confirmed your address. We send you a link for that.',
    de: 'Sie können Ihr Konto benutzen, sobald Sie Ihre Adresse bestätigt haben. Dafür senden wir Ihnen einen Link.',
  },
  send: { en: 'Send link', de: 'Link senden' },
  sending: { en: 'Sending…', de: 'Wird gesendet …' },
  sentTitle: { en: 'Check your email', de: 'Sehen Sie in Ihr Postfach' },
  sent: {
    en: (email: string) => `If ${email} has an account that is not confirmed, an email with a link is on its way.`,
    de: (email: string) =>
      `Wenn es zu ${email} ein Konto gibt, das nicht bestätigt ist, ist eine E-Mail mit einem Link unterwegs.`,
  },
  changeTitle: { en: 'Change your email address', de: 'E-Mail-Adresse ändern' },
  changeHint: {
    en: 'Confirm that the email address of your account is to change.',
    de: 'Bestätigen Sie, dass die E-Mail-Adresse Ihres Kontos geändert werden soll.',
  },
  changeNextTitle: { en: 'One more step', de: 'Noch ein Schritt' },
  changeNext: {
    en: 'We have sent an email to the new address. The change takes effect when you open the link in it.',
    de: 'Wir haben eine E-Mail an die neue Adresse gesendet. Die Änderung gilt, sobald Sie den Link darin öffnen.',
  },
  changedTitle: { en: 'Your email address has been changed', de: 'Ihre E-Mail-Adresse wurde geändert' },
  changed: {
    en: 'From now on, sign in with the new address.',
    de: 'Melden Sie sich ab jetzt mit der neuen Adresse an.',
  },
  taken: {
    en: 'This address now belongs to another account. Nothing was changed.',
    de: 'Diese Adresse gehört inzwischen zu einem anderen Konto. Es wurde nichts geändert.',
  },
  deleteTitle: { en: 'Delete your account', de: 'Konto löschen' },
  deleteHint: {
    en: (email: string) =>
      `The account ${email} and everything that belongs to it will be deleted. This cannot be undone.`,
    de: (email: string) =>
      `Das Konto ${email} und alles, was dazugehört, wird gelöscht. Das lässt sich nicht rückgängig machen.`,
  },
  delete: { en: 'Delete account', de: 'Konto löschen' },
  deleting: { en: 'Deleting…', de: 'Wird gelöscht …' },
  keep: { en: 'Keep account', de: 'Konto behalten' },
  deletedTitle: { en: 'Your account has been deleted', de: 'Ihr Konto wurde gelöscht' },
  deleted: { en: 'We have confirmed this to you by email.', de: 'Das haben wir Ihnen per E-Mail bestätigt.' },
  blocked: {
    en: 'Other data still needs this account, so nothing was deleted. Please contact support.',
    de: 'Andere Daten brauchen dieses Konto noch, deshalb wurde nichts gelöscht. Bitte wenden Sie sich an den Support.',
  },
  signInFirstTitle: { en: 'Sign in first', de: 'Melden Sie sich zuerst an' },
  signInFirst: {
    en: 'Only the user of an account can delete it. Sign in, then open the link in the email again.',
    de: 'Nur wer ein Konto benutzt, kann es löschen. Melden Sie sich an und öffnen Sie dann den Link in der E-Mail noch einmal.',
  },
  signIn: { en: 'Sign in', de: 'Anmelden' },
} satisfies Texts
