/** Wraps text in a colour, or leaves it alone where colours are not wanted. */
export type Paint = Record<'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan', (text: string) => string>

const codes = { bold: [1, 22], dim: [2, 22], green: [32, 39], red: [31, 39], yellow: [33, 39], cyan: [36, 39] } as const

export function createPaint(isColoured: boolean): Paint {
  const wrap =
    ([on, off]: readonly [number, number]) =>
    (text: string) =>
      isColoured ? `\u001b[${on}m${text}\u001b[${off}m` : text
  return {
    bold: wrap(codes.bold),
    dim: wrap(codes.dim),
    green: wrap(codes.green),
    red: wrap(codes.red),
    yellow: wrap(codes.yellow),
    cyan: wrap(codes.cyan),
  }
}
