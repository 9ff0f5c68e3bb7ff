import { type ParseArgsConfig, parseArgs } from 'node:util'
import { CHECKS } from '../doctor/checks.ts'
import { examine } from '../doctor/examine.ts'
import { renderJson } from '../doctor/json.ts'
import { renderReport } from '../doctor/render.ts'
import { exitCodeOf } from '../doctor/severity.ts'
import type { UnreadCommand } from './command.ts'

const OPTIONS = {
  json: { type: 'boolean', default: false },
  backend: { type: 'string' },
} as const satisfies ParseArgsConfig['options']

/** Says what is wrong with settings, database and neighbours, and what to do about it. Changes nothing. */
export const command: UnreadCommand = {
  usage: 'doctor [--json] [--backend URL]',
  takes: (args) => parse(args) !== undefined,
  runUnread: async (source, args) => {
    const { json, backend } = parse(args) ?? { json: false }
    const report = await examine(source, { backendUrl: backend })
    const style = { isColoured: isColourWanted(source), width: Math.min(process.stdout.columns ?? 100, 120) }
    process.stdout.write(json ? renderJson(report) : renderReport(report, CHECKS, style))
    process.exitCode = exitCodeOf(report.findings)
  },
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, strict: true, allowPositionals: false }).values
  } catch {
    return undefined
  }
}

/** https://no-color.org */
function isColourWanted({ NO_COLOR, TERM }: NodeJS.ProcessEnv): boolean {
  return process.stdout.isTTY === true && !NO_COLOR && TERM !== 'dumb'
}
