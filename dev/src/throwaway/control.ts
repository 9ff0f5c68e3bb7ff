import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { recordedMode } from '../development.ts'
import { CannotContinue } from '../errors.ts'
import { localFolder } from '../paths.ts'
import { parseEnvLines } from '../settings/env-file.ts'
import { changedSettings, throwawaySettings } from '../settings/load.ts'
import { type Control, controls, isServiceName, refuseUnusable, silent } from '../stack.ts'
import { openThrowaway } from './folder.ts'

const usage =
  `Usage: control NAME ${controls.join('|')}|logs SERVICE, control NAME sql STATEMENT, control NAME status, ` +
  'control NAME up [SETTING=VALUE…], or control NAME with arguments as a JSON array on each line of its input'

type Print = (text: string) => void

/** Commands for a throw-away stack, for the tests that run beside it. Prints what was asked for. */
export async function control(
  [name = '', ...args]: string[],
  shell: NodeJS.ProcessEnv,
  print: Print,
): Promise<undefined> {
  if (args.length > 0) return void print(await once(name, args, shell))
  for await (const line of createInterface({ input: process.stdin })) {
    try {
      print(`${JSON.stringify({ output: await once(name, JSON.parse(line) as string[], shell) })}\n`)
    } catch (error) {
      print(`${JSON.stringify({ error: error instanceof Error ? error.message : String(error) })}\n`)
    }
  }
}

async function once(name: string, args: string[], shell: NodeJS.ProcessEnv): Promise<string> {
  const [act = '', subject = ''] = args
  const folder = join(localFolder, name)
  const mode = /^test-\w+$/.test(name) ? recordedMode(folder) : undefined
  if (!mode) throw new CannotContinue(`No throw-away stack is called ${name}. ${usage}`, 64)
  const stack = await openThrowaway(folder, mode, throwawaySettings(folder, {}), shell)
  if (act === 'sql') return `${await stack.sql(subject)}\n`
  if (act === 'status') return JSON.stringify(await stack.status())
  if (act === 'up') {
    // What `make up` does beside a running stack, with some settings changed.
    const { settings, errors } = changedSettings(folder, parseEnvLines(args.slice(1).join('\n')).values)
    const work = { progress: silent, signal: new AbortController().signal }
    const changed = await openThrowaway(folder, mode, settings, shell)
    await refuseUnusable(changed, errors, work)
    await changed.up(work)
    return ''
  }
  if (!isServiceName(subject)) throw new CannotContinue(`There is no service ${subject}. ${usage}`, 64)
  if (act === 'logs') return stack.log(subject)
  if (!(controls as readonly string[]).includes(act)) throw new CannotContinue(usage, 64)
  await stack.control(act as Control, subject)
  return ''
}
