/**
 * Of the first and the last word that have a letter: the first one, with all that belongs to it (accents, vowel signs). Empty if
 * the name has no letters at all.
 */
export function initials(name: string, locale: string): string {
  const letters = name
    .split(/\s+/)
    .map((word) => graphemes(word, locale).find((grapheme) => /^\p{L}/u.test(grapheme)))
    .filter((letter) => letter !== undefined)
  const ends = letters.length > 1 ? [letters[0], letters.at(-1)] : letters
  return ends.map((letter) => capital(letter ?? '', locale)).join('')
}

/** Not every letter has a capital that is one letter, too: ß would be SS. */
function capital(letter: string, locale: string): string {
  const upper = letter.toLocaleUpperCase(locale)
  return graphemes(upper, locale).length === 1 ? upper : letter
}

/** What a reader sees as one character. Browsers without a segmenter split by code points. */
function graphemes(text: string, locale: string): string[] {
  if (!('Segmenter' in Intl)) return Array.from(text)
  return Array.from(new Intl.Segmenter(locale, { granularity: 'grapheme' }).segment(text), ({ segment }) => segment)
}
