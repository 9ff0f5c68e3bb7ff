import type { Checked, Finding, Report } from './examine.ts'
import type { Fix, Severity, Subject } from './finding.ts'
import { SEVERITIES } from './severity.ts'

export type Style = { isColoured: boolean; width: number }
type Paint = (text: string) => string

const CODES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], cyan: [36, 39] } as const

function createPaint(isColoured: boolean): Record<keyof typeof CODES, Paint> {
  const paint =
    ([on, off]: readonly [number, number]): Paint =>
    (text) =>
      isColoured ? `\u001b[${on}m${text}\u001b[${off}m` : text
  const { bold, dim, red, green, yellow, cyan } = CODES
  return {
    bold: paint(bold),
    dim: paint(dim),
    red: paint(red),
    green: paint(green),
    yellow: paint(yellow),
    cyan: paint(cyan),
  }
}

const MARKS = { error: '✗', warning: '!', info: 'i' } as const satisfies Record<Severity, string>

/** One line for each subject, then what was found in each, the worst first, then one line for all. */
export function renderReport(report: Report, subjects: readonly Subject[], style: Style): string {
  const paint = createPaint(style.isColoured)
  const width = Math.max(...subjects.map(({ title }) => title.length))
  const lines = subjects.map((subject) => {
    const findings = report.findings.filter((finding) => finding.subject === subject.title)
    const checks = report.checks.filter((check) => check.subject === subject.title)
    return `  ${markOf(findings, checks, paint)} ${paint.bold(subject.title.padEnd(width))}  ${summaryOf(subject, findings, checks)}`
  })
  const details = subjects.flatMap(({ title }) => renderGroup(title, report.findings, style))
  return ['', ...lines, ...details, '', `  ${totalOf(report, paint)}`, '', ''].join('\n')
}

/** For what one subject alone has found. */
function renderFindings(findings: readonly Finding[], style: Style): string {
  return SEVERITIES.flatMap((severity) => findings.filter((one) => one.severity === severity))
    .flatMap((finding) => ['', ...renderFinding(finding, style)])
    .join('\n')
}

/** What was found about one address, the worst first, and whether anything keeps it out. */
export function renderTry({ findings, checks }: Report, email: string, style: Style): string {
  const paint = createPaint(style.isColoured)
  const errors = findings.filter(({ severity }) => severity === 'error').length
  const isUnknown = findings.length === 0 && checks.some(({ outcome }) => outcome === 'skipped')
  const verdict = isUnknown
    ? paint.yellow('! Not looked at: the settings or the tables do not allow it. See auth-server doctor.')
    : errors === 0
      ? paint.green('✓ Nothing keeps this user out.')
      : paint.red(`✗ Kept out by ${errors === 1 ? 'this' : `${errors} things`}.`)
  return [
    '',
    `  ${paint.bold(email.trim().toLowerCase())}`,
    renderFindings(findings, style),
    '',
    `  ${verdict}`,
    '',
    '',
  ].join('\n')
}

function renderGroup(title: string, all: readonly Finding[], style: Style): string[] {
  const findings = all.filter(({ subject }) => subject === title)
  if (findings.length === 0) return []
  const paint = createPaint(style.isColoured)
  return ['', paint.bold(title), renderFindings(findings, style).replace(/^\n/, '')]
}

function renderFinding({ severity, id, what, why, fix }: Finding, style: Style): string[] {
  const paint = createPaint(style.isColoured)
  const label = colourOf(severity, paint)(`${MARKS[severity]} ${severity.padEnd(7)}`)
  const [first = '', ...rest] = wrap(visible(what.replaceAll('\n', ' ')), style.width - INDENT.length)
  const reason = wrap(`${why} (${id})`, style.width - INDENT.length)
  return [
    `  ${label}  ${first}`,
    ...rest.map((line) => INDENT + line),
    ...reason.map((line) => INDENT + paint.dim(line)),
    ...fix.flatMap((one) => renderFix(one, paint)),
  ]
}

const INDENT = ' '.repeat(13)

/** Never wrapped: it is there to be copied, also into psql. */
function renderFix({ kind, text, as, note, or }: Fix, paint: Record<keyof typeof CODES, Paint>): string[] {
  const run = kind === 'sql' ? `SQL${as ? `, as the ${as}` : ''}` : 'in a shell'
  const remark = `${or ? 'or ' : ''}${run}${note ? ` (${note.replace(/:$/, '')})` : ''}:`
  const ended = kind === 'sql' && !/;\s*$|--/.test(text) ? `${text};` : text
  return [INDENT + paint.dim(remark), ...ended.split('\n').map((line) => `${INDENT}  ${paint.cyan(visible(line))}`)]
}

/** A name in the database may hold what a terminal obeys, or shows in another order. */
function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (found) => `\\u{${found.codePointAt(0)?.toString(16)}}`)
}

function markOf(
  findings: readonly Finding[],
  checks: readonly Checked[],
  paint: Record<keyof typeof CODES, Paint>,
): string {
  const worst = SEVERITIES.find((severity) => findings.some((finding) => finding.severity === severity))
  if (worst !== undefined) return colourOf(worst, paint)(MARKS[worst])
  return checks.every(({ outcome }) => outcome === 'skipped') ? paint.dim('–') : paint.green('✓')
}

function colourOf(severity: Severity, { red, yellow, cyan }: Record<keyof typeof CODES, Paint>): Paint {
  return { error: red, warning: yellow, info: cyan }[severity]
}

function summaryOf({ good }: Subject, findings: readonly Finding[], checks: readonly Checked[]): string {
  if (findings.length > 0) return countsOf(findings)
  if (checks.every(({ outcome }) => outcome === 'skipped')) return 'not looked at'
  const skipped = checks.filter(({ outcome }) => outcome === 'skipped').length
  return skipped > 0 ? `${good} (${skipped} not looked at)` : good
}

const WORDS = { error: ['error', 'errors'], warning: ['warning', 'warnings'], info: ['note', 'notes'] } as const

function countsOf(findings: readonly Finding[]): string {
  return SEVERITIES.flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length
    return count === 0 ? [] : [`${count} ${WORDS[severity][count === 1 ? 0 : 1]}`]
  }).join(', ')
}

function totalOf({ findings, checks, milliseconds }: Report, paint: Record<keyof typeof CODES, Paint>): string {
  const made = checks.filter(({ outcome }) => outcome !== 'skipped').length
  const time = paint.dim(`(${made} checks in ${(milliseconds / 1000).toFixed(1)} s)`)
  const worst = SEVERITIES.find((severity) => findings.some((finding) => finding.severity === severity))
  if (worst === undefined) return `${paint.green('✓ All good.')} ${time}`
  const counts = colourOf(worst, paint)(countsOf(findings))
  return worst === 'info' ? `${paint.green('✓ Nothing to fix')}, ${counts}. ${time}` : `${counts}. ${time}`
}

function wrap(text: string, width: number): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? ''
    if (line !== '' && line.length + 1 + word.length > Math.max(width, 40)) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines
}
