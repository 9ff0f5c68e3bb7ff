import type { Colours, Scheme } from './palette.ts'

/** The brand's colours as custom properties of CSS, each for both schemes. */
export function colourProperties(colours: Record<Scheme, Colours>): string {
  const names = Object.keys(colours.light) as (keyof Colours)[]
  return names.map((name) => `--${name}: light-dark(${colours.light[name]}, ${colours.dark[name]});`).join('\n')
}
