import { contrast, mix } from './colour.ts'

export type Scheme = 'light' | 'dark'

/** WCAG AA: 1.4.3 for text, 1.4.11 for what shows where a control is. */
export const MIN_TEXT = 4.5
export const MIN_SHAPE = 3

/** What the accent is seen on. The frontend's tokens.css has the same; a test compares them. */
export const GROUNDS = {
  light: { ground: '#f5f4f1', surface: '#ffffff', 'surface-sunk': '#f5f4f1' },
  dark: { ground: '#141512', surface: '#1d1e1b', 'surface-sunk': '#282925' },
} as const

/** Names as in CSS, without the dashes in front. */
export interface Colours {
  /** Of areas and edges. Not of text: it may be too light for that. */
  accent: string
  /** Under the pointer. */
  'accent-strong': string
  /** Text on these two. */
  'on-accent': string
  /** A tint of the card. */
  'accent-soft': string
  /** Links. */
  'accent-text': string
  /** Links under the pointer, and text on accent-soft. */
  'accent-text-strong': string
}

const WHITE = '#ffffff'
const BLACK = '#000000'
/** Smaller ones are not seen. */
const STEPS = 50

/** Everything that follows from the accent. The text colours have AA contrast whatever it is. */
export function coloursOf(accent: string, scheme: Scheme): Colours {
  const grounds = Object.values(GROUNDS[scheme])
  const soft = mix(GROUNDS[scheme].surface, accent, scheme === 'light' ? 0.12 : 0.15)
  const onAccent = textOn(accent)
  const text = readableOn(grounds, accent, scheme)
  return {
    accent,
    // Away from the text on it, so that both colours carry that text.
    'accent-strong': mix(accent, onAccent === WHITE ? BLACK : WHITE, 0.22),
    'on-accent': onAccent,
    'accent-soft': soft,
    'accent-text': text,
    'accent-text-strong': readableOn([...grounds, soft], mix(text, farEnd(scheme), 0.22), scheme),
  }
}

/** The nearest accent that is visible on every ground. */
export function visibleAccent(accent: string, scheme: Scheme): string {
  return nearest([GROUNDS[scheme].ground, GROUNDS[scheme].surface], MIN_SHAPE, accent, scheme)
}

/** White if it can be read, else a dark shade of the accent. Black can be read wherever white cannot. */
function textOn(accent: string): string {
  return [WHITE, mix(accent, BLACK, 0.85)].find((text) => contrast(text, accent) >= MIN_TEXT) ?? BLACK
}

function readableOn(grounds: readonly string[], colour: string, scheme: Scheme): string {
  return nearest(grounds, MIN_TEXT, colour, scheme)
}

/** The first with that contrast on the way to black (light pages) or white (dark pages), which have it. */
function nearest(grounds: readonly string[], min: number, colour: string, scheme: Scheme): string {
  for (let step = 0; step < STEPS; step += 1) {
    const candidate = mix(colour, farEnd(scheme), step / STEPS)
    if (grounds.every((ground) => contrast(candidate, ground) >= min)) return candidate
  }
  return farEnd(scheme)
}

const farEnd = (scheme: Scheme) => (scheme === 'light' ? BLACK : WHITE)
