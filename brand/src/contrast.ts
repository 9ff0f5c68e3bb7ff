import { contrast } from './colour.ts'
import { type Colours, GROUNDS, MIN_SHAPE, MIN_TEXT, type Scheme, visibleAccent } from './palette.ts'

type Ground = keyof (typeof GROUNDS)['light']

interface Pair {
  front: keyof Colours
  back: Ground | keyof Colours
  min: number
}

/** Every two colours of which one is the brand's and that pages show upon each other. */
export const PAIRS: readonly Pair[] = [
  { front: 'accent', back: 'ground', min: MIN_SHAPE },
  { front: 'accent', back: 'surface', min: MIN_SHAPE },
  { front: 'on-accent', back: 'accent', min: MIN_TEXT },
  { front: 'on-accent', back: 'accent-strong', min: MIN_TEXT },
  { front: 'accent-text', back: 'ground', min: MIN_TEXT },
  { front: 'accent-text', back: 'surface', min: MIN_TEXT },
  { front: 'accent-text', back: 'surface-sunk', min: MIN_TEXT },
  { front: 'accent-text-strong', back: 'ground', min: MIN_TEXT },
  { front: 'accent-text-strong', back: 'surface', min: MIN_TEXT },
  { front: 'accent-text-strong', back: 'surface-sunk', min: MIN_TEXT },
  { front: 'accent-text-strong', back: 'accent-soft', min: MIN_TEXT },
]

/** Each pair below WCAG AA, in words: which, by how much, and which accent would do. */
export function contrastErrors(derived: Colours, scheme: Scheme): string[] {
  const colours = { ...GROUNDS[scheme], ...derived }
  return PAIRS.flatMap(({ front, back, min }) => {
    const found = contrast(colours[front], colours[back])
    if (found >= min) return []
    const shown = floor(found)
    const missing = `${shown.toFixed(2)}:1 on ${back} ${colours[back]}, ${(min - shown).toFixed(2)} less than WCAG AA needs (${min}:1)`
    return [
      `accent.${scheme}: ${front} ${colours[front]} has ${missing}; ${visibleAccent(derived.accent, scheme)} would do`,
    ]
  })
}

/** Rounded down: 2.999 is not 3. */
const floor = (value: number) => Math.floor(value * 100) / 100
