import type { Finding, Report } from './examine.ts'
import { severest } from './severity.ts'

/** The shape is documented in docs/doctor.md: members are added, none is removed or changes its meaning. */
export function renderJson({ checks, findings, milliseconds }: Report): string {
  const count = (severity: Finding['severity']) => findings.filter((one) => one.severity === severity).length
  const report = {
    version: 1,
    result: severest(findings) ?? 'good',
    milliseconds,
    counts: { error: count('error'), warning: count('warning'), info: count('info') },
    findings: findings.map(({ id, subject, severity, what, why, fix }) => ({ id, subject, severity, what, why, fix })),
    checks,
  }
  return `${JSON.stringify(report, null, 2)}\n`
}
