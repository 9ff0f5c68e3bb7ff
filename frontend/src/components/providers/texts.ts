import type { Text, Texts } from '../../texts/texts.ts'

export const providerTexts = {
  or: { en: 'or', de: 'oder' },
  continueWith: {
    en: (name: string) => `Continue with ${name}`,
    de: (name: string) => `Weiter mit ${name}`,
  },
  leaving: {
    en: (name: string) => `Going to ${name}…`,
    de: (name: string) => `Weiter zu ${name} …`,
  },
  notReached: {
    en: (name: string) => `You could not be taken to ${name}.`,
    de: (name: string) => `Die Weiterleitung zu ${name} hat nicht funktioniert.`,
  },
} satisfies Texts

const startAgain = {
  en: 'This sign-in took too long, or was started in another window. Start it again.',
  de: 'Diese Anmeldung hat zu lange gedauert oder wurde in einem anderen Fenster begonnen. Beginnen Sie sie noch einmal.',
}
const providerUnavailable = {
  en: 'The provider is not responding right now. Try again in a moment, or sign in in another way.',
  de: 'Der Anbieter antwortet gerade nicht. Versuchen Sie es gleich noch einmal, oder melden Sie sich anders an.',
}
const serviceUnavailable = {
  en: 'The service is not responding right now. Try again in a moment.',
  de: 'Der Dienst antwortet gerade nicht. Versuchen Sie es gleich noch einmal.',
}
const banned = { en: 'This account has been suspended.', de: 'Dieses Konto ist gesperrt.' }

/** By the code that the auth server, or the provider, sends the browser back with. */
const reasons: Record<string, Text> = {
  access_denied: { en: 'You cancelled at the provider.', de: 'Sie haben beim Anbieter abgebrochen.' },
  account_already_linked_to_different_user: {
    en: 'This account of the provider is connected to another user here.',
    de: 'Dieses Konto des Anbieters ist hier mit einem anderen Benutzer verbunden.',
  },
  account_not_linked: {
    en: 'There already is an account with this email address. Sign in as you did before, then connect the provider on your account page.',
    de: 'Es gibt schon ein Konto mit dieser E-Mail-Adresse. Melden Sie sich wie bisher an, und verbinden Sie den Anbieter dann auf Ihrer Kontoseite.',
  },
  banned,
  banned_user: banned,
  database_unavailable: serviceUnavailable,
  email_not_found: {
    en: 'The provider did not share an email address, which is needed for an account. Allow it there, or sign in in another way.',
    de: 'Der Anbieter hat keine E-Mail-Adresse genannt; ein Konto braucht eine. Erlauben Sie es dort, oder melden Sie sich anders an.',
  },
  email_not_verified: {
    en: 'The provider has not verified your email address yet. Confirm it there first, or sign in in another way.',
    de: 'Der Anbieter hat Ihre E-Mail-Adresse noch nicht geprüft. Bestätigen Sie sie zuerst dort, oder melden Sie sich anders an.',
  },
  internal_error: serviceUnavailable,
  internal_server_error: serviceUnavailable,
  migrations_pending: serviceUnavailable,
  oauth_provider_not_found: {
    en: 'You cannot sign in at this provider any more.',
    de: 'Bei diesem Anbieter können Sie sich nicht mehr anmelden.',
  },
  provider_unavailable: providerUnavailable,
  schema_differs: serviceUnavailable,
  server_error: providerUnavailable,
  sign_up_closed: {
    en: 'There is no account for you here, and you cannot create one yourself. Sign in as you did before, or ask whoever runs this service.',
    de: 'Für Sie gibt es hier kein Konto, und Sie können selbst keines erstellen. Melden Sie sich wie bisher an, oder wenden Sie sich an den Betreiber dieses Dienstes.',
  },
  state_mismatch: startAgain,
  state_not_found: startAgain,
  temporarily_unavailable: providerUnavailable,
  too_busy: serviceUnavailable,
  too_many_requests: {
    en: 'That was too often in a short time. Wait a little, then try again.',
    de: 'Das war zu oft in kurzer Zeit. Warten Sie etwas, und versuchen Sie es dann noch einmal.',
  },
  unable_to_link_account: {
    en: 'Your session had ended, so nothing was connected. Sign in and try again.',
    de: 'Ihre Sitzung war beendet, deshalb wurde nichts verbunden. Melden Sie sich an, und versuchen Sie es noch einmal.',
  },
}

const unknown = {
  en: 'That did not work at the provider. Try again, or sign in in another way.',
  de: 'Das hat beim Anbieter nicht geklappt. Versuchen Sie es noch einmal, oder melden Sie sich anders an.',
}

/** Anybody can write a code into a link: it only chooses one of these. */
export function reasonOf(code: string): Text {
  const known = code.toLowerCase()
  return (Object.hasOwn(reasons, known) && reasons[known]) || unknown
}
