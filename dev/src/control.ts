import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { checkedUp } from './checked.ts'
import { throwawayInspected, throwawaySettings } from './context.ts'
import { CannotContinue } from './errors.ts'
import { recordedMode } from './mode.ts'
import { localFolder } from './paths.ts'
import { parseEnvLines } from './settings/env-lines.ts'
import { type Control, controls, isServiceName, type ServiceName, type Stack, silent } from './stack.ts'
import { openThrowaway } from './throwaway-stack.ts'

const usage = `control NAME ${controls.join('|')}|logs SERVICE, or control NAME sql STATEMENT, or control NAME status, or control NAME up [SETTING=VALUE…], or control NAME with arguments as a JSON array on each line of its input`

type Print = (text: string) => undefined

/** A hand on a throw-away stack, for the tests that run beside it. Prints what was asked for. */
export async function control(args: string[], shell: NodeJS.ProcessEnv, print: Print): Promise<undefined> {
  const [name = '', ...more] = args
  if (more.length > 0) return once(name, more, shell, print)
  for await (const line of createInterface({ input: process.stdin })) {
    const said: string[] = []
    const keep = (text: string) => void said.push(text)
    try {
      await once(name, z.array(z.string()).parse(JSON.parse(line)), shell, keep)
      print(`${JSON.stringify({ output: said.join('') })}\n`)
    } catch (error) {
      print(`${JSON.stringify({ error: error instanceof Error ? error.message : String(error) })}\n`)
    }
  }
}

async function once(name: string, args: string[], shell: NodeJS.ProcessEnv, print: Print): Promise<undefined> {
  const [act = '', subject = '', ...more] = args
  const folder = join(localFolder, name)
  const mode = /^test-\w+$/.test(name) ? recordedMode(folder) : undefined
  if (!mode) throw new CannotContinue(`No throw-away stack is called ${name}. Usage: ${usage}`, 64)
  const stack = await openThrowaway(folder, mode, throwawaySettings(folder, {}), shell)
  if (act === 'sql') return print(`${await stack.sql(subject)}\n`)
  if (act === 'status') return print(JSON.stringify(await stack.status()))
  if (act === 'up') return upAgain(stack, folder, [subject, ...more])
  const service = serviceNamed(subject)
  if (act === 'logs') return print(await stack.log(service))
  if (!isControl(act)) throw new CannotContinue(`Usage: ${usage}`, 64)
  await stack.control(act, service)
}

/** What `make up` does beside a running stack, with some settings changed. */
async function upAgain(stack: Stack, folder: string, changes: string[]): Promise<undefined> {
  const inspected = throwawayInspected(folder, parseEnvLines(changes.join('\n')).values)
  await checkedUp(stack, inspected, silent, new AbortController().signal)
}

function isControl(act: string): act is Control {
  return (controls as readonly string[]).includes(act)
}

function serviceNamed(name: string): ServiceName {
  if (!isServiceName(name)) throw new CannotContinue(`There is no service ${name}. Usage: ${usage}`, 64)
  return name
}
