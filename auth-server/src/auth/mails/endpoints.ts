import { type Endpoints, POST } from '../endpoint.ts'

/** What is confirmed by a mail and is no path of better-auth's own. */
// biome-ignore format: a table reads by columns
export const CONFIRMATIONS = {
  '/verify-email/confirm': { methods: POST, session: 'made',   password: 'verified', mayEndSessions: true, limit: 'guessing' },
  '/change-email/confirm': { methods: POST, session: 'unused', password: 'unused',   mayEndSessions: true, limit: 'guessing' },
} as const satisfies Endpoints
