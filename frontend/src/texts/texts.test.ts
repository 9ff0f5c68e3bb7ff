import { expect, test } from 'vitest'
import { languages, pickLanguage, type Texts, textsIn } from './texts.ts'

const modules = import.meta.glob<Record<string, Texts>>(['../**/texts.ts', '!./texts.ts'], { eager: true })

const sources = Object.values(
  import.meta.glob<string>(['../**/*.{ts,tsx}', '!../**/texts.ts', '!../**/*.test.ts'], {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
)

/** Every text as a page would show it, around «X» if it takes a value: its name with its features' folder, English, German. */
const all = Object.entries(modules).flatMap(([file, exported]) =>
  Object.entries(exported).flatMap(([group, texts]) =>
    typeof texts === 'object'
      ? Object.entries(texts).map(([name, text]) => ({
          name: `${file.slice(3, -'/texts.ts'.length)}: ${group}.${name}`,
          text,
          takesValue: typeof text.en === 'function',
          en: shown(text.en),
          de: shown(text.de),
        }))
      : [],
  ),
)

function shown(text: unknown): string {
  return typeof text === 'function' ? String(text('«X»')) : String(text)
}

test('the texts of every feature are found', () => {
  expect(all.length).toBeGreaterThan(60)
  for (const folder of ['account', 'components/form', 'home', 'notes', 'sign-in', 'sign-up']) {
    expect(all.some(({ name }) => name.startsWith(`${folder}: `))).toBe(true)
  }
})

test.each(all)('$name is in every language', ({ text }) => {
  expect(Object.keys(text)).toEqual(Object.keys(languages))
})

test.each(all)('$name is translated', ({ en, de }) => {
  expect(en.trim()).not.toBe('')
  expect(de.trim()).not.toBe('')
  expect(de).not.toBe(en)
})

test.each(all)('$name contains the value that it takes', ({ en, de, takesValue }) => {
  expect(en.includes('«X»')).toBe(takesValue)
  expect(de.includes('«X»')).toBe(takesValue)
})

test.each(all)('$name is shown somewhere', ({ name }) => {
  const [group = '', key] = name.split(' ').at(-1)?.split('.') ?? []
  const shows = new RegExp(`(?:\\.|[{,]\\s*)${key}\\b`)
  expect(sources.some((source) => source.includes(group) && shows.test(source))).toBe(true)
})

test('a feature gets its texts in one language', () => {
  const texts = { plain: { en: 'a', de: 'b' }, around: { en: (x: string) => `a${x}`, de: (x: string) => `b${x}` } }

  expect(textsIn('de', texts).plain).toBe('b')
  expect(textsIn('de', texts).around('!')).toBe('b!')
})

test.each([
  [['de-AT', 'en'], 'de'],
  [['fr', 'de'], 'de'],
  [['en-GB'], 'en'],
  [['DE'], 'de'],
  [['fr'], 'en'],
  [[], 'en'],
  [[null, 'de'], 'de'],
  [['constructor', '__proto__'], 'en'],
] as const)('a browser that prefers %j gets %s', (preferred, language) => {
  expect(pickLanguage(preferred)).toBe(language)
})

test.each([
  [['fr'], 'de', 'de'],
  [['fr', 'en'], 'de', 'en'],
  [[], 'de', 'de'],
  [['fr'], 'fr', 'en'],
  [['fr'], null, 'en'],
] as const)(
  'where the default is set, a browser that prefers %j gets %s if that is %s',
  (preferred, otherwise, language) => {
    expect(pickLanguage(preferred, otherwise)).toBe(language)
  },
)
