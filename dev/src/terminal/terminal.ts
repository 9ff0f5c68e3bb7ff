import type { Progress } from '../stack.ts'

/** Wraps text in a colour, or leaves it alone where colours are not wanted. */
export type Paint = Record<keyof typeof codes, (text: string) => string>

const codes = { bold: [1, 22], dim: [2, 22], green: [32, 39], red: [31, 39], yellow: [33, 39], cyan: [36, 39] } as const

export function createPaint(isColoured: boolean): Paint {
  const wrap = ([on, off]: readonly [number, number]) => {
    return (text: string) => (isColoured ? `\u001b[${on}m${text}\u001b[${off}m` : text)
  }
  return Object.fromEntries(Object.entries(codes).map(([name, code]) => [name, wrap(code)])) as Paint
}

/** Where commands print. `say` is for what was asked for, `progress` for what happens meanwhile. */
export type Terminal = {
  paint: Paint
  say(text?: string): void
  progress: Progress
  /** Progress below a title, which is printed with its first line: none, where nothing happens. */
  under(title: string): Progress
}

export function createTerminal(stream: NodeJS.WritableStream, isColoured: boolean): Terminal {
  const paint = createPaint(isColoured)
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

function titled({ note, done }: Progress, printTitle: () => void): Progress {
  let isPrinted = false
  const once = () => {
    if (!isPrinted) printTitle()
    isPrinted = true
  }
  return {
    note: (text) => {
      once()
      note(text)
    },
    done: (name, what, milliseconds) => {
      once()
      done(name, what, milliseconds)
    },
  }
}
