import type { Finding } from './examine.ts'
import type { Severity } from './finding.ts'

export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info']

export function severest(findings: readonly Pick<Finding, 'severity'>[]): Severity | undefined {
  return SEVERITIES.find((severity) => findings.some((finding) => finding.severity === severity))
}

/** 0: nothing to do. 1: warnings. 2: errors. Documented in docs/doctor.md. */
export function exitCodeOf(findings: readonly Pick<Finding, 'severity'>[]): 0 | 1 | 2 {
  const worst = severest(findings)
  if (worst === 'error') return 2
  return worst === 'warning' ? 1 : 0
}
