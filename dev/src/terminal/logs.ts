import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LogOutput, ServiceName } from '../stack.ts'
import { createPaint } from './terminal.ts'

const farthestBytes = 64 * 1024
const intervalMs = 200
/** Some versions of Docker Compose clear the terminal's line before each of theirs, even without colours. */
export const eraseLine = '\u001b[2K'
const colours = ['cyan', 'yellow', 'green', 'red', 'bold'] as const

/** The file's last lines, none of them from before `fromByte`. */
export function tail(path: string, count: number, fromByte = 0): string[] {
  const start = (size: number) => Math.max(fromByte > size ? 0 : fromByte, size - farthestBytes)
  const text = readFrom(path, start).toString('utf8').replace(/\n$/, '')
  return text === '' ? [] : text.split('\n').slice(-count)
}

export type Followed = { path: string; print(text: string): void }

/** Prints the files' last lines and then whatever is added to them, until the signal. Files may come and go. */
export async function follow(files: Followed[], lastLines: number, signal: AbortSignal): Promise<void> {
  const positions = new Map(files.map(({ path }) => [path, sizeOf(path)]))
  for (const { path, print } of files) for (const line of tail(path, lastLines)) print(`${line}\n`)
  while (!signal.aborted) {
    for (const { path, print } of files) {
      const position = positions.get(path) ?? 0
      // A smaller file is a new one: the old one was put aside because it had grown too large.
      const from = position > sizeOf(path) ? 0 : position
      const added = readFrom(path, () => from)
      const end = added.lastIndexOf('\n') + 1
      if (end > 0) print(added.toString('utf8', 0, end))
      positions.set(path, from + end)
    }
    await sleep(intervalMs, undefined, { signal }).catch(() => undefined)
  }
}

/** From the byte that `start` gives for the file's size; nothing if there is no such file. */
function readFrom(path: string, start: (size: number) => number): Buffer {
  return (
    withFile(path, (file) => {
      const { size } = fstatSync(file)
      const from = start(size)
      const buffer = Buffer.alloc(Math.max(0, size - from))
      return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, from))
    }) ?? Buffer.alloc(0)
  )
}

export function sizeOf(path: string): number {
  return withFile(path, (file) => fstatSync(file).size) ?? 0
}

function withFile<T>(path: string, use: (file: number) => T): T | undefined {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    return undefined
  }
  try {
    return use(file)
  } finally {
    closeSync(file)
  }
}

/** For each service a function that prints its output, line by line and behind its name. */
export function prefixed(
  names: readonly ServiceName[],
  output: LogOutput,
): (name: ServiceName) => (text: string) => void {
  const paint = createPaint(output.isColoured)
  const width = Math.max(...names.map((name) => name.length))
  return (name) => {
    const colour = colours[names.indexOf(name) % colours.length] ?? 'bold'
    const prefix = paint[colour](`${name.padEnd(width)} │`)
    let rest = ''
    return (text) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) output.write(`${prefix} ${line.replaceAll(eraseLine, '')}\n`)
    }
  }
}
