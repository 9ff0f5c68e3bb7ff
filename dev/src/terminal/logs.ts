import { closeSync, openSync, readSync, statSync } from 'node:fs'
import type { ServiceName } from '../stack.ts'
import type { Terminal } from './terminal.ts'

const farthestBytes = 64 * 1024
/** Some versions of Docker Compose clear the terminal's line before each of theirs, even without colours. */
export const eraseLine = '\u001b[2K'
const colours = ['cyan', 'yellow', 'green', 'red', 'bold'] as const

/** The file's last lines, none of them from before `fromByte`. */
export function tail(path: string, count: number, fromByte = 0): string[] {
  const size = sizeOf(path)
  const from = Math.max(fromByte > size ? 0 : fromByte, size - farthestBytes)
  if (from === size) return []
  const buffer = Buffer.alloc(size - from)
  const file = openSync(path, 'r')
  const text = buffer.toString('utf8', 0, readSync(file, buffer, 0, buffer.length, from))
  closeSync(file)
  return text.replace(/\n$/, '').split('\n').slice(-count)
}

export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

export function indented(lines: readonly string[]): string {
  return lines.map((line) => `    ${line}`).join('\n')
}

/** For each service a function that prints its output, line by line and behind its name. */
export function prefixed(
  names: readonly ServiceName[],
  { say, paint }: Terminal,
): (name: ServiceName) => (text: string) => void {
  const width = Math.max(...names.map((name) => name.length))
  return (name) => {
    const colour = colours[names.indexOf(name) % colours.length] ?? 'bold'
    const prefix = paint[colour](`${name.padEnd(width)} │`)
    let rest = ''
    return (text) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) say(`${prefix} ${line.replaceAll(eraseLine, '')}`)
    }
  }
}
