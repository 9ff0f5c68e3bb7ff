/** Each language, by the name it has for itself. */
export const languages = { en: 'English', de: 'Deutsch' }
export type Language = keyof typeof languages

/** A text in every language: one that lacks a language does not compile. */
export type Text = Record<Language, string>

/** A text around a value, such as a name. */
type TextWithValue = Record<Language, (value: never) => string>

/** The texts of one feature, in the `texts.ts` of its folder. */
export type Texts = Record<string, Text | TextWithValue>

export type Translated<T extends Texts> = { [Name in keyof T]: T[Name][Language] }

export function textsIn<T extends Texts>(language: Language, texts: T): Translated<T> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, text[language]])) as Translated<T>
}

/** The first of the preferred languages (BCP 47 tags, best first) that the app speaks; of none, the last resort is English. */
export function pickLanguage(preferred: readonly (string | null)[], otherwise: string | null = null): Language {
  return [...preferred, otherwise].map(languageOf).find((language) => language !== undefined) ?? 'en'
}

export function languageOf(tag: string | null): Language | undefined {
  const primary = tag?.split('-')[0]?.toLowerCase()
  return (Object.keys(languages) as Language[]).find((language) => language === primary)
}
