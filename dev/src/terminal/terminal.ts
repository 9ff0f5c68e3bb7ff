import { styleText } from 'node:util'
import type { Progress } from '../stack.ts'

const styles = ['bold', 'dim', 'green', 'red', 'yellow', 'cyan'] as const

/** Wraps text in a colour, or leaves it alone where colours are not wanted. */
export type Paint = Record<(typeof styles)[number], (text: string) => string>

/** Where commands print. `say` is for what was asked for, `progress` for what happens meanwhile. */
export type Terminal = {
  paint: Paint
  say(text?: string): void
  progress: Progress
  /** Progress below a title, which is printed with its first line: none, where nothing happens. */
  under(title: string): Progress
}

export function createTerminal(stream: NodeJS.WritableStream, isColoured: boolean): Terminal {
  // Whether this stream may have colours has been decided.
  const paintWith = (style: (typeof styles)[number]) => (text: string) =>
    isColoured ? styleText(style, text, { validateStream: false }) : text
  const paint = Object.fromEntries(styles.map((style) => [style, paintWith(style)])) as Paint
  const say = (text = '') => void stream.write(`${text}\n`)
  const progress: Progress = {
    note: (text) => {
      for (const line of wrapped(text)) say(`  ${paint.dim(line)}`)
    },
    done: (name, what, milliseconds) => {
      const time = `${(milliseconds / 1000).toFixed(1)} s`
      say(`  ${paint.green('✓')} ${name.padEnd(12)} ${what.padEnd(10)} ${paint.dim(time.padStart(6))}`)
    },
  }
  return { paint, say, progress, under: (title) => titled(progress, () => say(`\n${paint.bold(title)}`)) }
}

const columns = 80

/** Lines that fit into 80 columns when they are indented, as far as the words do. */
function wrapped(text: string): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line && line.length + 1 + word.length > columns - 2) lines.push(word)
    else lines[lines.length - 1] = line ? `${line} ${word}` : word
  }
  return lines
}

function titled(progress: Progress, printTitle: () => void): Progress {
  let isPrinted = false
  const begun = () => {
    if (!isPrinted) printTitle()
    isPrinted = true
    return progress
  }
  return { note: (text) => begun().note(text), done: (...step) => begun().done(...step) }
}
