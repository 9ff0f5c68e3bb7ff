import { Counter, type Registry } from 'prom-client'
import { HttpError } from '../errors.ts'
import type { Identify } from './identify.ts'

/** Counts every check by its result, on both ports. */
export function countChecks(registry: Registry, identify: Identify): Identify {
  const checks = new Counter({
    name: 'session_checks_total',
    help: 'Session checks by result: user, or the code of the error.',
    labelNames: ['result'],
    registers: [registry],
  })
  const renewals = new Counter({
    name: 'session_renewals_total',
    help: 'Sessions that a check refreshed.',
    registers: [registry],
  })
  return async (presented, more) => {
    try {
      const identified = await identify(presented, more)
      checks.inc({ result: 'user' })
      if (identified.isRenewed) renewals.inc()
      return identified
    } catch (error) {
      checks.inc({ result: error instanceof HttpError ? error.code : 'INTERNAL_ERROR' })
      throw error
    }
  }
}
