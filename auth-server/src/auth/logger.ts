import type { Log } from '../log.ts'
import type { Observation } from './observation.ts'
import type { AuthLogger } from './options.ts'

const MAIL_ADDRESS = /[^\s@]+@[^\s@]+/g
/** Before anything looks for addresses: better-auth repeats what a caller sent, and the search is quadratic. */
const MOST_CHARACTERS = 500

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
      const text = String(message).slice(0, MOST_CHARACTERS).replaceAll(MAIL_ADDRESS, '[address]').slice(0, 300)
      const belongsToRequest = level === 'error' && observation.noteUnexpected(err ?? new Error(text))
      if (level === 'error' && !belongsToRequest) log.error({ err }, `better-auth: ${text}`)
      else log.debug({ err }, `better-auth: ${text}`)
    },
  }
}
