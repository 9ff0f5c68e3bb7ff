import { isIP } from 'node:net'
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { CHECKS } from '../doctor/checks.ts'
import { examine, type Report } from '../doctor/examine.ts'
import { renderJson } from '../doctor/json.ts'
import { renderReport, renderTry, type Style } from '../doctor/render.ts'
import { exitCodeOf } from '../doctor/severity.ts'
import { askPassword, pipedPassword } from '../doctor/try/ask.ts'
import { trySubject } from '../doctor/try/subject.ts'
import { UsageError } from '../errors.ts'
import type { UnreadCommand } from './command.ts'

const USAGE = `doctor [--json] [--backend URL]
  doctor --try EMAIL [--password-stdin] [--from ADDRESS] [--json]`

const OPTIONS = {
  json: { type: 'boolean', default: false },
  backend: { type: 'string' },
  try: { type: 'string' },
  from: { type: 'string' },
  'password-stdin': { type: 'boolean', default: false },
} as const satisfies ParseArgsConfig['options']

type Options = ReturnType<typeof read>

/** Says what is wrong, or which rule keeps somebody out, and what to do about it. Changes nothing: docs/doctor.md. */
export const command: UnreadCommand = {
  usage: USAGE,
  // Its errors say more than yes or no.
  takes: () => true,
  runUnread: async (source, args) => {
    const options = read(args)
    const report = await reportOf(source, options)
    process.stdout.write(options.json ? renderJson(report) : rendered(report, options, styleOf(source)))
    process.exitCode = exitCodeOf(report.findings)
  },
}

function read(args: string[]) {
  const { values } = parsed(args)
  const isAlone = values.try === undefined && (values['password-stdin'] || values.from !== undefined)
  if (isAlone) throw new UsageError(`--password-stdin and --from need --try EMAIL; usage:\n  ${USAGE}`)
  const { from, backend } = values
  if (from !== undefined && isIP(from) === 0) throw new UsageError(`--from: an IP address; usage:\n  ${USAGE}`)
  if (backend !== undefined && !/^https?:\/\/./.test(backend))
    throw new UsageError(`--backend: a URL, http://…; usage:\n  ${USAGE}`)
  return values
}

function parsed(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, strict: true, allowPositionals: false })
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : ''}\n  usage: ${USAGE}`)
  }
}

async function reportOf(source: NodeJS.ProcessEnv, options: Options): Promise<Report> {
  const { try: email, from, backend } = options
  if (email === undefined) return examine(source, { backendUrl: backend })
  return examine(source, { subjects: [trySubject({ email, from, password: await passwordOf(options) })] })
}

async function passwordOf(options: Options): Promise<string | undefined> {
  if (options['password-stdin']) return pipedPassword(process.stdin)
  const mayAsk = process.stdin.isTTY === true && process.stderr.isTTY === true && !options.json
  return mayAsk ? askPassword(process) : undefined
}

function rendered(report: Report, { try: email }: Options, style: Style): string {
  return email === undefined ? renderReport(report, CHECKS, style) : renderTry(report, email, style)
}

/** https://no-color.org */
function styleOf({ NO_COLOR, TERM }: NodeJS.ProcessEnv): Style {
  const isColoured = process.stdout.isTTY === true && !NO_COLOR && TERM !== 'dumb'
  return { isColoured, width: Math.min(process.stdout.columns || 100, 120) }
}
