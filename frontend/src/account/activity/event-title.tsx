import type { ReactNode } from 'react'
import { Around } from '../../components/Around.tsx'
import type { Provider } from '../../session/features.ts'
import type { Translated } from '../../texts/texts.ts'
import { deviceName } from '../device.ts'
import type { deviceTexts } from '../texts.ts'
import type { ActivityEvent } from './calls.ts'
import type { eventTexts } from './texts.ts'

interface Words {
  texts: Translated<typeof eventTexts>
  names: Translated<typeof deviceTexts>
  /** Those that are offered now. */
  providers: readonly Provider[]
  services: readonly Provider[]
}

type Title = (event: ActivityEvent, words: Words) => ReactNode

/** In plain words, by type; the test compares the types with contract/activity.json. */
export const TITLES: Readonly<Record<string, Title>> = {
  'signed-up': (_event, { texts }) => texts.signedUp,
  'signed-in': ({ isNewDevice }, { texts }) => (isNewDevice ? texts.signedInNew : texts.signedIn),
  'sign-in-failed': (_event, { texts }) => texts.signInFailed,
  'signed-out': (_event, { texts }) => texts.signedOut,
  'session-revoked': ({ count, device }, { texts, names }) =>
    device ? <Around text={texts.revokedOne} value={deviceName(device, names)} /> : texts.revokedSeveral(count),
  'password-changed': (_event, { texts }) => texts.passwordChanged,
  'password-reset': (_event, { texts }) => texts.passwordReset,
  'sign-in-method-added': (event, words) => words.texts.methodAdded(providerOf(event, words)),
  'sign-in-method-removed': (event, words) => words.texts.methodRemoved(providerOf(event, words)),
  'passkey-added': ({ name }, { texts }) =>
    name ? <Around text={texts.passkeyAddedAs} value={name} /> : texts.passkeyAdded,
  'passkey-renamed': ({ name }, { texts }) =>
    name ? <Around text={texts.passkeyRenamedTo} value={name} /> : texts.passkeyRenamed,
  'passkey-removed': ({ name }, { texts }) =>
    name ? <Around text={texts.passkeyRemovedAs} value={name} /> : texts.passkeyRemoved,
  'second-factor-enabled': (_event, { texts }) => texts.secondFactorEnabled,
  'second-factor-disabled': (_event, { texts }) => texts.secondFactorDisabled,
  'backup-codes-created': (_event, { texts }) => texts.backupCodesCreated,
  'backup-code-used': (_event, { texts }) => texts.backupCodeUsed,
  'device-trusted': (_event, { texts }) => texts.deviceTrusted,
  'device-forgotten': (_event, { texts }) => texts.deviceForgotten,
  'service-connected': (event, words) => words.texts.serviceConnected(serviceOf(event, words)),
  'service-removed': (event, words) => words.texts.serviceRemoved(serviceOf(event, words)),
  'email-changed': ({ email }, { texts }) => <Around text={texts.emailChanged} value={email ?? ''} />,
  'email-verified': (_event, { texts }) => texts.emailVerified,
  'user-created': (_event, { texts }) => texts.userCreated,
  'role-changed': (_event, { texts }) => texts.roleChanged,
  banned: (_event, { texts }) => texts.banned,
  unbanned: (_event, { texts }) => texts.unbanned,
  'user-deleted': (_event, { texts }) => texts.userDeleted,
  'impersonation-started': (_event, { texts }) => texts.impersonationStarted,
  'impersonation-stopped': (_event, { texts }) => texts.impersonationStopped,
}

export function eventTitle(event: ActivityEvent, words: Words): ReactNode {
  return Object.hasOwn(TITLES, event.type) ? TITLES[event.type]?.(event, words) : words.texts.other
}

/** One that is not offered any more has only its id. */
function providerOf({ provider }: ActivityEvent, { texts, providers }: Words): string {
  if (provider === 'credential') return texts.password
  return providers.find(({ id }) => id === provider)?.name ?? provider ?? ''
}

function serviceOf({ service }: ActivityEvent, { services }: Words): string {
  return services.find(({ id }) => id === service)?.name ?? service ?? ''
}
