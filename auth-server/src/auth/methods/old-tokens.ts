import { type Endpoints, POST } from '../endpoint.ts'

/** A token of the system that is being left, in `Authorization`, for a session: docs/old-tokens.md. */
// biome-ignore format: a table reads by columns
export const OLD_TOKENS = {
  '/exchange': { methods: POST, session: 'made', password: 'unused', mayEndSessions: true, limit: 'default' },
} as const satisfies Endpoints
