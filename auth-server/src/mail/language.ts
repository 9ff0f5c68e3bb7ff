export const LANGUAGES = ['en', 'de'] as const
export type Language = (typeof LANGUAGES)[number]

export const isLanguage = (name: string): name is Language => LANGUAGES.some((language) => language === name)

/** RFC 9110 §12.5.4: the one that the caller wants most, of those that there are; `otherwise`, if there is none of them. */
export function languageOf(acceptLanguage: string | null | undefined, otherwise: Language): Language {
  const wanted = (acceptLanguage ?? '').slice(0, 1000).split(',').map(readRange)
  const [best] = wanted.filter(({ quality }) => quality > 0).toSorted((one, other) => other.quality - one.quality)
  return best?.language ?? otherwise
}

function readRange(range: string): { language: Language | undefined; quality: number } {
  const [tag = '', ...parameters] = range.trim().toLowerCase().split(';')
  const name = tag.split('-')[0] ?? ''
  const [, quality = '1'] = /^\s*q=([01](?:\.\d{0,3})?)\s*$/.exec(parameters.join(';')) ?? []
  return isLanguage(name) ? { language: name, quality: Number(quality) } : { language: undefined, quality: 0 }
}
