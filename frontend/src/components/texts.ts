import type { Texts } from '../texts/texts.ts'

export const commonTexts = {
  language: { en: 'Language', de: 'Sprache' },
  slow: {
    en: 'This is taking longer than usual. Please keep this page open.',
    de: 'Das dauert länger als üblich. Bitte lassen Sie die Seite geöffnet.',
  },
  tryAgain: { en: 'Try again', de: 'Erneut versuchen' },
  tryingAgain: { en: 'Trying again…', de: 'Neuer Versuch läuft …' },
  stillNot: {
    en: 'It still does not work.',
    de: 'Es klappt noch nicht.',
  },
  backOnline: {
    en: 'You are back online. You can try again now.',
    de: 'Sie sind wieder online und können es erneut versuchen.',
  },
  cancel: { en: 'Cancel', de: 'Abbrechen' },
  requestId: {
    en: (id: string) => `For support: ${id}`,
    de: (id: string) => `Für den Support: ${id}`,
  },
} satisfies Texts

/** The brand has the addresses. */
export const brandTexts = {
  label: { en: 'Help and legal', de: 'Hilfe und Rechtliches' },
  support: { en: 'Help', de: 'Hilfe' },
  terms: { en: 'Terms', de: 'Nutzungsbedingungen' },
  privacy: { en: 'Privacy', de: 'Datenschutz' },
  newTab: { en: '(opens in a new tab)', de: '(öffnet sich in einem neuen Tab)' },
} satisfies Texts

/** Of pages that send a mail, or that one led to. */
export const mailTexts = {
  sendAgain: { en: 'Send it again', de: 'Erneut senden' },
  sending: { en: 'Sending…', de: 'Wird gesendet …' },
  sentAgain: { en: 'We have sent the email again.', de: 'Wir haben die E-Mail erneut gesendet.' },
  waitToSend: {
    en: (seconds: number) => `Nothing there? Look in your spam folder. You can have it sent again in ${seconds} s.`,
    de: (seconds: number) => `Nichts da? Sehen Sie im Spam-Ordner nach. Erneut senden können wir in ${seconds} s.`,
  },
  linkOver: {
    en: 'This link has been used, has been replaced by a newer one, or is too old.',
    de: 'Dieser Link wurde schon benutzt, durch einen neueren ersetzt oder ist zu alt.',
  },
  noLink: { en: 'Open the link in the email', de: 'Öffnen Sie den Link in der E-Mail' },
  noLinkReason: {
    en: 'This page needs the link from the email that we sent you. Open it again from there.',
    de: 'Diese Seite braucht den Link aus der E-Mail, die wir Ihnen gesendet haben. Öffnen Sie ihn dort noch einmal.',
  },
} satisfies Texts

/** In place of a page that has a bug. */
export const brokenTexts = {
  title: { en: 'Something went wrong', de: 'Etwas ist schiefgegangen' },
  explanation: {
    en: 'An error on our side stopped this page. What you have saved is safe. Reload the page to continue.',
    de: 'Ein Fehler bei uns hat diese Seite unterbrochen. Was Sie gespeichert haben, ist sicher. Laden Sie die Seite neu, um fortzufahren.',
  },
  reload: { en: 'Reload', de: 'Neu laden' },
} satisfies Texts

export const offlineTexts = {
  connection: { en: 'Connection', de: 'Verbindung' },
  offline: {
    en: 'You are offline. What you type stays here until you are back.',
    de: 'Sie sind offline. Was Sie eingeben, bleibt hier, bis Sie wieder verbunden sind.',
  },
  over: { en: 'You are back online.', de: 'Sie sind wieder online.' },
} satisfies Texts
