import type { Settings } from '../settings/settings.ts'
import type { Terminal } from '../terminal/terminal.ts'
import type { Demo } from './seed.ts'

/** What somebody wants to know who has just started the stack. */
export function printSummary({ say, paint }: Terminal, settings: Settings, demo: Demo): void {
  const { ports, variables } = settings
  const rows: [string, string][] = [['App', paint.cyan(variables.PUBLIC_URL)]]
  if (demo === 'ready')
    rows.push(['Sign in', `${variables.DEMO_EMAIL}  ${paint.dim('password')} ${variables.DEMO_PASSWORD}`])
  rows.push(['API', `${paint.cyan(`http://localhost:${ports.BACKEND_PORT}/docs`)}`])
  rows.push(['Mail inbox', paint.cyan(`http://localhost:${ports.MAIL_PORT}`)])
  say()
  for (const [name, value] of rows) say(`  ${paint.bold(name.padEnd(12))}${value}`)
  if (demo === 'other password') {
    say(`\n  ${paint.yellow(`${variables.DEMO_EMAIL} exists with another password than DEMO_PASSWORD in .env.`)}`)
  }
  say()
  const next: [string, string][] = [
    ['make logs', 'follow what the services say'],
    ['make status', 'see what answers'],
    ['make test', 'run every test beside this'],
    ['make down', 'stop everything, keep the data'],
  ]
  for (const [command, meaning] of next) say(`  ${command.padEnd(12)}${paint.dim(meaning)}`)
  say()
}
