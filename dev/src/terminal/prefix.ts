import type { LogOutput, ServiceName } from '../stack.ts'
import { createPaint } from './paint.ts'

const colours = ['cyan', 'yellow', 'green', 'red', 'bold'] as const

/** For each service a function that prints one of its lines behind its name. */
export function prefixed(
  names: readonly ServiceName[],
  output: LogOutput,
): (name: ServiceName) => (line: string) => void {
  const paint = createPaint(output.isColoured)
  const width = Math.max(...names.map((name) => name.length))
  return (name) => {
    const colour = colours[names.indexOf(name) % colours.length] ?? 'bold'
    const prefix = paint[colour](`${name.padEnd(width)} │`)
    return (line) => output.write(`${prefix} ${line}\n`)
  }
}
