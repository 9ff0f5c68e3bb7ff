import { type Endpoints, GET, POST } from '../endpoint.ts'

/** Sign-in at a provider, and the accounts that come of it. One that is not configured is refused by its name. */
// biome-ignore format: a table reads by columns
export const SOCIAL = {
  '/sign-in/social':   { methods: POST, session: 'made',   password: 'unused', mayEndSessions: false, limit: 'guessing', leadsTo: 'provider' },
  '/callback/:id':     { methods: ['GET', 'POST'], session: 'made', password: 'unused', mayEndSessions: true, limit: 'default', comesFrom: 'provider' },
  '/link-social':      { methods: POST, session: 'used',   password: 'unused', mayEndSessions: true,  limit: 'default',  leadsTo: 'provider', ownerOnly: true },
  '/unlink-account':   { methods: POST, session: 'used',   password: 'unused', mayEndSessions: true,  limit: 'default', ownerOnly: true },
  '/list-accounts':    { methods: GET,  session: 'used',   password: 'unused', mayEndSessions: false, limit: 'default' },
  '/account-info':     { methods: GET,  session: 'used',   password: 'unused', mayEndSessions: false, limit: 'default' },
  '/refresh-token':    { methods: POST, session: 'used',   password: 'unused', mayEndSessions: true,  limit: 'default',  unknownUser: 'ignored', ownerOnly: true },
  '/get-access-token': { methods: POST, session: 'used',   password: 'unused', mayEndSessions: true,  limit: 'default',  unknownUser: 'ignored', ownerOnly: true },
} as const satisfies Endpoints
