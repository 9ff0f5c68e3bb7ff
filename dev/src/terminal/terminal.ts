import type { Progress } from '../stack.ts'
import { createPaint, type Paint } from './paint.ts'

/** Where commands print. `say` is for what was asked for, `progress` for what happens meanwhile. */
export type Terminal = { paint: Paint; say(text?: string): void; progress: Progress }

export function createTerminal(stream: NodeJS.WritableStream, isColoured: boolean): Terminal {
  const paint = createPaint(isColoured)
  const say = (text = '') => void stream.write(`${text}\n`)
  return {
    paint,
    say,
    progress: {
      note: (text) => say(`  ${paint.dim(text)}`),
      done: (name, what, milliseconds) => {
        const time = `${(milliseconds / 1000).toFixed(1)} s`
        say(`  ${paint.green('✓')} ${name.padEnd(12)} ${what.padEnd(10)} ${paint.dim(time.padStart(6))}`)
      },
    },
  }
}
