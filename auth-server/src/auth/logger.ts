import type { Log } from '../log.ts'
import type { AuthLogger } from './better-auth.ts'
import type { Observation } from './observation.ts'

const MAIL_ADDRESS = /[^\s@]+@[^\s@]+/g
/** Before anything looks for addresses: better-auth repeats what a caller sent, and the search is quadratic. */
const MAX_CHARACTERS = 500

/**
 * better-auth writes a line for every wrong password and repeats mail addresses and values. During a request its
 * errors belong to the request's own line; alone they are logged here. The rest is for debugging.
 */
export function authLogger(log: Log, observation: Observation): AuthLogger {
  return {
    level: 'debug',
    disableColors: true,
    log: (level, message, ...details) => {
      const err = details.find((detail) => detail instanceof Error)
      const text = String(message).slice(0, MAX_CHARACTERS).replaceAll(MAIL_ADDRESS, '[address]').slice(0, 300)
      if (level !== 'error' || observation.current) log.debug({ err }, `better-auth: ${text}`)
      else log.error({ err }, `better-auth: ${text}`)
      if (level === 'error' && observation.current) observation.current.unexpected ??= err ?? new Error(text)
    },
  }
}
