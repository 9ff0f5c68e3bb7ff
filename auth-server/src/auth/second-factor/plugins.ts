import type { BetterAuthPlugin } from 'better-auth'
import { twoFactor } from 'better-auth/plugins/two-factor'
import type { Observation } from '../observation.ts'
import type { RateLimitStorage } from '../rate-limit.ts'
import { newBackupCodes } from './codes.ts'
import { askBeforeSessions } from './rule.ts'
import { disableTwoFactor, readState, requireOwner } from './settings.ts'
import { forgetDevice, TRUSTED_DEVICES } from './trusted-devices.ts'
import { verifyBackupCode, verifyTotp } from './verify.ts'

type Parts = { limits: RateLimitStorage; observation: Pick<Observation, 'note'> }

/** better-auth's plugin, as far as it is used, and what takes the place of the rest. */
export function secondFactor({ limits, observation }: Parts) {
  return [
    twoFactorPlugin(),
    {
      id: 'second-factor',
      schema: {
        session: { fields: { secondFactorAt: { type: 'date', required: false, input: false } } },
        ...TRUSTED_DEVICES,
      },
      init: () => ({
        options: { databaseHooks: { session: { create: { before: askBeforeSessions(observation) } } } },
      }),
      endpoints: {
        readTwoFactorState: readState(),
        verifyTOTP: verifyTotp(limits, observation),
        verifyBackupCode: verifyBackupCode(limits),
        disableTwoFactor: disableTwoFactor(limits, observation),
        forgetTrustedDevice: forgetDevice(),
      },
    },
  ] as const satisfies BetterAuthPlugin[]
}

/**
 * For its tables, and to set an app up. Not for its hook, which asks for the second factor after three ways of signing in that it
 * lists; nor for its checks, which take a code twice, and lock the account for its owner as for an attacker; nor for
 * the path that shows the secret again; nor for its limit, which counts reading like guessing.
 */
function twoFactorPlugin() {
  const plugin = twoFactor({
    // A user who signs in in another way has no password to give.
    allowPasswordless: true,
    accountLockout: { enabled: false },
    backupCodeOptions: { customBackupCodesGenerate: newBackupCodes },
  })
  const { enableTwoFactor, generateBackupCodes } = plugin.endpoints
  for (const { options } of [enableTwoFactor, generateBackupCodes]) options.use.push(requireOwner())
  return { ...plugin, endpoints: { enableTwoFactor, generateBackupCodes }, hooks: {}, rateLimit: [] }
}
