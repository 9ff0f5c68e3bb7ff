import { createInterface } from 'node:readline/promises'
import { type Context, currentStack, developmentFolder, forgetMode, recordMode, stackToStart } from '../development.ts'
import { CannotContinue } from '../errors.ts'
import type { Inspected } from '../settings/load.ts'
import type { Settings } from '../settings/settings.ts'
import { refuseUnusable, type Stack } from '../stack.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { type Demo, ensureDemo } from './seed.ts'

export async function up({ inspected, shell, terminal, signals: { signal } }: Context): Promise<undefined> {
  const { settings } = inspected
  const { stack, choice } = await stackToStart(settings, shell)
  terminal.say(`${terminal.paint.bold(`Auth sidecar, ${choice.mode}`)} ${terminal.paint.dim(`(${choice.why})`)}`)
  const begin = Date.now()
  await checkSettings(stack, inspected, terminal, signal)
  recordMode(developmentFolder, choice.mode)
  const startedCount = await stack.up({ progress: terminal.under('Starting'), signal })
  const demo = startedCount > 0 ? await ensureDemo(settings, signal) : 'ready'
  const seconds = ((Date.now() - begin) / 1000).toFixed(1)
  terminal.say(startedCount > 0 ? `\nEverything is ready after ${seconds} s.` : '\nEverything was running already.')
  printSummary(terminal, settings, demo)
}

/** Under a title of its own: what it takes is seen, and that nothing has been started when it finds errors. */
async function checkSettings(
  stack: Stack,
  { errors, notes }: Inspected,
  { say, paint, progress }: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const begin = Date.now()
  say(`\n${paint.bold('Checking the settings')}`)
  for (const text of notes) progress.note(text)
  await refuseUnusable(stack, errors, { progress, signal })
  progress.done('settings', 'checked', Date.now() - begin)
}

/** Shown when the stack has just been started. */
function printSummary({ say, paint }: Terminal, { ports, variables }: Settings, demo: Demo): void {
  const signIn = `${variables.DEMO_EMAIL}  ${paint.dim('password')} ${variables.DEMO_PASSWORD}`
  const rows: [string, string][] = [
    ['App', paint.cyan(variables.PUBLIC_URL)],
    ...(demo === 'ready' ? [['Sign in', signIn] as [string, string]] : []),
    ['API', paint.cyan(`http://localhost:${ports.BACKEND_PORT}/docs`)],
    ['Mail inbox', paint.cyan(`http://localhost:${ports.MAIL_PORT}`)],
  ]
  say()
  for (const [name, value] of rows) say(`  ${paint.bold(name.padEnd(13))}${value}`)
  if (demo === 'other password') {
    say(`\n  ${paint.yellow(`${variables.DEMO_EMAIL} exists with another password than DEMO_PASSWORD in .env.`)}`)
  }
  say()
  const next: [string, string][] = [
    ['make logs', 'follow the logs'],
    ['make status', 'see what is ready'],
    ['make test', 'run every test beside this'],
    ['make down', 'stop everything, keep the data'],
  ]
  for (const [command, meaning] of next) say(`  ${command.padEnd(13)}${paint.dim(meaning)}`)
  say()
}

export async function down({ inspected, shell, terminal }: Context): Promise<undefined> {
  const stack = await currentStack(inspected.settings, shell)
  const stoppedCount = await stack.down(terminal.progress)
  forgetMode(developmentFolder)
  terminal.say(stoppedCount > 0 ? 'Everything is stopped. The data is kept: make up brings it back.' : 'Nothing runs.')
}

/** Stops the stack and deletes its data, after asking. `.env` stays: its secrets fit whatever comes next. */
export async function reset({ inspected, shell, terminal }: Context, isSure: boolean): Promise<undefined> {
  const stack = await currentStack(inspected.settings, shell)
  const question = `This deletes every user, session and note of the ${stack.mode} stack. Type yes: `
  if (!isSure && !(await isConfirmed(question))) throw new CannotContinue('Nothing was deleted.')
  await stack.down(terminal.progress)
  await stack.remove()
  forgetMode(developmentFolder)
  terminal.say('The data is deleted. Start again with: make up')
}

async function isConfirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new CannotContinue('Not at a terminal, so this cannot be confirmed. To delete anyway: make reset YES=1')
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const reply = await terminal.question(question)
  terminal.close()
  return reply.trim().toLowerCase() === 'yes'
}

export async function migrate({ inspected, shell, terminal, signals: { signal } }: Context): Promise<undefined> {
  const { settings } = inspected
  const stack = await currentStack(settings, shell)
  await checkSettings(stack, inspected, terminal, signal)
  await stack.migrate({ progress: terminal.under('Migrating'), signal })
  terminal.say('The tables of both services are up to date.')
}
