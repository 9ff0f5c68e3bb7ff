import type { Text, Texts } from '../../texts/texts.ts'
import { connectionTexts } from '../texts.ts'

export const serviceTexts = {
  title: { en: 'Connected services', de: 'Verbundene Dienste' },
  hint: {
    en: 'What you connect here, this app may use for you. It is no way to sign in.',
    de: 'Was Sie hier verbinden, darf diese App für Sie nutzen. Anmelden können Sie sich damit nicht.',
  },
  account: { en: (name: string) => `As ${name}`, de: (name: string) => `Als ${name}` },
  keyHint: { en: (end: string) => `Key ending in ${end}`, de: (end: string) => `Schlüssel mit dem Ende ${end}` },
  scopes: { en: (scopes: string) => `Allowed: ${scopes}`, de: (scopes: string) => `Erlaubt: ${scopes}` },
  ended: {
    en: 'This connection has expired or was revoked there. Connect it again.',
    de: 'Diese Verbindung ist abgelaufen oder wurde dort widerrufen. Verbinden Sie sie erneut.',
  },
  notOffered: { en: 'This service is no longer offered here.', de: 'Dieser Dienst wird hier nicht mehr angeboten.' },
  connectAgain: { en: 'Connect again', de: 'Erneut verbinden' },
  connectThisAgain: { en: (name: string) => `Connect ${name} again`, de: (name: string) => `${name} erneut verbinden` },
  removeReason: {
    en: (name: string) => `This app can then no longer use ${name} for you. You can connect it again later.`,
    de: (name: string) =>
      `Diese App kann ${name} dann nicht mehr für Sie nutzen. Sie können den Dienst später wieder verbinden.`,
  },
  keyTitle: { en: (name: string) => `Connect ${name}`, de: (name: string) => `${name} verbinden` },
  key: { en: 'API key', de: 'API-Schlüssel' },
  keyReason: {
    en: 'Your key is stored encrypted, and never shown again.',
    de: 'Ihr Schlüssel wird verschlüsselt gespeichert und nie wieder angezeigt.',
  },
  keyHelp: { en: (name: string) => `Get a key from ${name}`, de: (name: string) => `Schlüssel bei ${name} holen` },
  newWindow: { en: '(new window)', de: '(neues Fenster)' },
  keyMissing: { en: 'Enter the key.', de: 'Geben Sie den Schlüssel ein.' },
  keyWrong: {
    en: 'This is not a valid key of this service. Copy it again, from its first to its last character.',
    de: 'Das ist kein gültiger Schlüssel dieses Dienstes. Kopieren Sie ihn noch einmal, vom ersten bis zum letzten Zeichen.',
  },
  checking: { en: 'Checking the key…', de: 'Schlüssel wird geprüft …' },
  gone: { en: 'This service has been removed already.', de: 'Dieser Dienst wurde schon entfernt.' },
  unavailable: {
    en: 'The service is not responding right now, so nothing was changed. Try again in a moment.',
    de: 'Der Dienst antwortet gerade nicht, deshalb wurde nichts geändert. Versuchen Sie es gleich noch einmal.',
  },
  loaded: { en: 'Your connected services are loaded.', de: 'Ihre verbundenen Dienste sind geladen.' },
  notLoaded: {
    en: 'Your connected services could not be loaded.',
    de: 'Ihre verbundenen Dienste konnten nicht geladen werden.',
  },
} satisfies Texts

const startAgain = {
  en: 'This took too long, or was started in another window. Start it again.',
  de: 'Das hat zu lange gedauert oder wurde in einem anderen Fenster begonnen. Beginnen Sie noch einmal.',
}
const refused = {
  en: 'The service refused the connection. Try again.',
  de: 'Der Dienst hat die Verbindung abgelehnt. Versuchen Sie es noch einmal.',
}

/** By the code that the auth server, or the service, sends the browser back with. */
const reasons: Record<string, Text> = {
  access_denied: { en: 'You cancelled at the service.', de: 'Sie haben beim Dienst abgebrochen.' },
  state_mismatch: startAgain,
  session_required: {
    en: 'Your session had ended. Try again.',
    de: 'Ihre Sitzung war beendet. Versuchen Sie es noch einmal.',
  },
  session_not_fresh: connectionTexts.notFresh,
  service_unavailable: serviceTexts.unavailable,
  temporarily_unavailable: serviceTexts.unavailable,
  server_error: serviceTexts.unavailable,
  unavailable: {
    en: 'Something is not working on our side right now. Try again in a moment.',
    de: 'Bei uns funktioniert gerade etwas nicht. Versuchen Sie es gleich noch einmal.',
  },
}

/** Anybody can write a code into a link: it only chooses one of these. */
export function reasonOf(code: string): Text {
  return (Object.hasOwn(reasons, code) && reasons[code]) || refused
}
