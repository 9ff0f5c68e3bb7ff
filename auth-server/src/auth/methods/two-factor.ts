import { type Body, type Endpoints, GET, POST } from '../endpoint.ts'

/** An authenticator app as the second factor, backup codes for the day it is lost, and devices that are not asked again. */
// biome-ignore format: a table reads by columns
export const TWO_FACTOR = {
  '/two-factor/state':                 { methods: GET,  session: 'used', password: 'unused',   mayEndSessions: false, limit: 'default' },
  '/two-factor/enable':                { methods: POST, session: 'used', password: 'verified', mayEndSessions: false, limit: 'guessing', ownerOnly: true },
  '/two-factor/verify-totp':           { methods: POST, session: 'made', password: 'unused',   mayEndSessions: true,  limit: 'guessing', proves: 'second-factor', complete: withBareCode, ownerOnly: true },
  '/two-factor/verify-backup-code':    { methods: POST, session: 'made', password: 'unused',   mayEndSessions: false, limit: 'guessing', proves: 'second-factor' },
  '/two-factor/disable':               { methods: POST, session: 'used', password: 'verified', mayEndSessions: true,  limit: 'guessing', complete: withBareCode, ownerOnly: true },
  '/two-factor/generate-backup-codes': { methods: POST, session: 'used', password: 'verified', mayEndSessions: false, limit: 'guessing', ownerOnly: true },
  '/two-factor/forget-device':         { methods: POST, session: 'used', password: 'unused',   mayEndSessions: false, limit: 'default', ownerOnly: true },
} as const satisfies Endpoints

/** As somebody types or pastes it: `123 456`. */
function withBareCode(body: Body): Body {
  return typeof body.code === 'string' ? { ...body, code: body.code.replace(/\s/g, '') } : body
}
