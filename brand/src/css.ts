import type { Colours, Scheme } from './palette.ts'

type Schemes = Record<Scheme, Colours>

/** The brand's colours as custom properties of CSS, each for both schemes. */
export function colourProperties(colours: Schemes): string {
  return each(colours, (name) => `--${name}: light-dark(${colours.light[name]}, ${colours.dark[name]});`)
}

/** The same in two steps. First the colours: values that are written in one way only, whatever browsers a build is for. */
export function schemeProperties(colours: Schemes): string {
  return each(colours, (name) => `--${name}-light: ${colours.light[name]};\n--${name}-dark: ${colours.dark[name]};`)
}

/** Then which of them is seen: the same for every brand. A build writes it differently for browsers without `light-dark()`. */
export function chosenProperties(colours: Schemes): string {
  return each(colours, (name) => `--${name}: light-dark(var(--${name}-light), var(--${name}-dark));`)
}

function each({ light }: Schemes, declare: (name: keyof Colours) => string): string {
  return (Object.keys(light) as (keyof Colours)[]).map(declare).join('\n')
}
