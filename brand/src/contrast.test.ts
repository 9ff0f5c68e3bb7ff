import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { contrast } from './colour.ts'
import { contrastErrors, PAIRS } from './contrast.ts'
import { coloursOf, GROUNDS, type Scheme } from './palette.ts'

const SCHEMES = ['light', 'dark'] as const

/** A grid over all colours: greys, every hue, pale and deep. */
const LEVELS = ['00', '33', '66', '80', '99', 'cc', 'ff']
const ACCENTS = LEVELS.flatMap((red) => LEVELS.flatMap((green) => LEVELS.map((blue) => `#${red}${green}${blue}`)))

const errorsOf = (accent: string, scheme: Scheme) => contrastErrors(coloursOf(accent, scheme), scheme)

test.each([
  ['#000000', '#ffffff', 21],
  ['#ffffff', '#ffffff', 1],
  // Known values: https://webaim.org/resources/contrastchecker/
  ['#767676', '#ffffff', 4.54],
  ['#0000ff', '#ffffff', 8.59],
  ['#ff0000', '#ffffff', 3.99],
])('%s on %s has a contrast of %d', (one, other, ratio) => {
  expect(contrast(one, other)).toBeCloseTo(ratio, 1)
  expect(contrast(other, one)).toBe(contrast(one, other))
})

test.each(SCHEMES)(
  'on %s pages, text is readable beside every accent; only the accent itself can be refused',
  (scheme) => {
    const errors = ACCENTS.flatMap((accent) => errorsOf(accent, scheme))

    expect(errors.filter((error) => !error.startsWith(`accent.${scheme}: accent #`))).toEqual([])
    expect(errors.length).toBeGreaterThan(50)
  },
)

test('an accent that is too light for white text gets dark text, and links that can be read', () => {
  const colours = coloursOf('#c98a00', 'light')

  expect(contrast('#ffffff', colours.accent)).toBeLessThan(4.5)
  expect(contrast(colours['on-accent'], colours.accent)).toBeGreaterThanOrEqual(4.5)
  expect(contrast(colours['on-accent'], colours['accent-strong'])).toBeGreaterThanOrEqual(4.5)
  expect(colours['accent-text']).not.toBe(colours.accent)
})

test('an accent that is dark enough is used as it is', () => {
  expect(coloursOf('#0f6b5c', 'light')).toMatchObject({
    accent: '#0f6b5c',
    'accent-text': '#0f6b5c',
    'on-accent': '#ffffff',
  })
})

test.each([
  ['light', '#ffd400'],
  ['dark', '#1a2a5c'],
] satisfies [Scheme, string][])(
  'a %s accent that cannot be seen is refused, and the proposed one is accepted',
  (scheme, accent) => {
    const errors = errorsOf(accent, scheme)
    const proposed = /; (#[0-9a-f]{6}) would do$/.exec(errors[0] ?? '')?.[1] ?? ''

    expect(errors).toHaveLength(2)
    expect(errorsOf(proposed, scheme)).toEqual([])
  },
)

test('an error says which two colours, their contrast and how much is missing', () => {
  expect(errorsOf('#ffd400', 'light')[1]).toBe(
    'accent.light: accent #ffd400 has 1.43:1 on surface #ffffff, 1.57 less than WCAG AA needs (3:1); #a38800 would do',
  )
})

test('the colours that the accent is measured on are those of the pages', () => {
  const tokens = readFileSync(new URL('../../frontend/src/styles/tokens.css', import.meta.url), 'utf8')

  for (const name of Object.keys(GROUNDS.light) as (keyof typeof GROUNDS.light)[]) {
    expect(tokens).toContain(`--${name}: light-dark(${GROUNDS.light[name]}, ${GROUNDS.dark[name]});`)
  }
})

test('every colour that follows from the accent is measured', () => {
  const measured = new Set(PAIRS.flatMap(({ front, back }) => [front, back]))

  expect(Object.keys(coloursOf('#0f6b5c', 'light')).filter((name) => !measured.has(name as never))).toEqual([])
})
