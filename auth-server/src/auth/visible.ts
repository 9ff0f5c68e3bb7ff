/**
 * A character that leaves a mark: a letter, digit, punctuation mark or symbol, without those that Unicode ignores by
 * default (soft hyphen, zero width, Hangul fillers, variation selectors, tags) and the blanks among letters and symbols:
 * U+2800 (Braille), U+1D159 (null notehead), U+13441 and U+13442 (Egyptian), U+FFFC (place of an object).
 * Combining marks need something to combine with, and private use characters a font that nobody has.
 */
const VISIBLE =
  /(?![\p{Default_Ignorable_Code_Point}\u{2800}\u{1d159}\u{13441}\u{13442}\u{fffc}])[\p{L}\p{N}\p{P}\p{S}]/u

export function isVisible(text: string): boolean {
  return VISIBLE.test(text)
}
