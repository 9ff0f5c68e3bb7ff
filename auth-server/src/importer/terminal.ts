type Colour = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan'
type Paint = Record<Colour, (text: string) => string>

/** Where a command speaks to its operator. */
export type Terminal = {
  paint: Paint
  say: (text?: string) => void
  /** Replaces itself on a terminal. Elsewhere it is a line now and then. */
  progress: (text: string) => void
  /** The next line begins where the progress was. */
  endProgress: () => void
  isInteractive: boolean
}

const CODES: Record<Colour, [number, number]> = {
  bold: [1, 22],
  dim: [2, 22],
  green: [32, 39],
  yellow: [33, 39],
  red: [31, 39],
  cyan: [36, 39],
}

const [REDRAW_MS, PLAIN_MS] = [100, 10_000]

type Stream = Pick<NodeJS.WriteStream, 'write'> & { isTTY?: boolean; hasColors?: () => boolean }

/** Node knows NO_COLOR, FORCE_COLOR and dumb terminals. */
export function createTerminal(stream: Stream, input: { isTTY?: boolean } = {}): Terminal {
  const isTerminal = stream.isTTY === true
  const isColoured = isTerminal && stream.hasColors?.() === true
  const painter =
    ([open, close]: [number, number]) =>
    (text: string) =>
      isColoured && text !== '' ? `\u001b[${open}m${text}\u001b[${close}m` : text
  const paint = Object.fromEntries(Object.entries(CODES).map(([name, codes]) => [name, painter(codes)])) as Paint
  let drawnAt = performance.now()
  let isDrawn = false

  function progress(text: string): void {
    if (performance.now() - drawnAt < (isTerminal ? REDRAW_MS : PLAIN_MS)) return
    drawnAt = performance.now()
    stream.write(isTerminal ? `\r\u001b[2K${text}` : `${text.trim()}\n`)
    isDrawn = isTerminal
  }

  function endProgress(): void {
    if (isDrawn) stream.write('\r\u001b[2K')
    isDrawn = false
  }

  return {
    paint,
    say: (text = '') => {
      endProgress()
      stream.write(`${text}\n`)
    },
    progress,
    endProgress,
    isInteractive: isTerminal && input.isTTY === true,
  }
}
