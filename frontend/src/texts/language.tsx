import { createContext, type ReactNode, use, useEffect, useState } from 'react'
import { english, type Texts } from './english.ts'
import { german } from './german.ts'

export const dictionaries = { en: english, de: german }
export type Language = keyof typeof dictionaries

/** How each language calls itself. */
export const languageNames: Record<Language, string> = { en: 'English', de: 'Deutsch' }

const STORAGE_KEY = 'language'

interface Choice {
  language: Language
  texts: Texts
  /** For dates: the variety of the language that the browser prefers, such as en-GB. */
  locale: string
  choose: (language: Language) => void
}

const LanguageContext = createContext<Choice | null>(null)

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(() => pickLanguage([remembered(), ...navigator.languages]))

  function choose(chosen: Language): void {
    setLanguage(chosen)
    remember(chosen)
  }

  useEffect(() => {
    document.documentElement.lang = language
  }, [language])

  const locale = navigator.languages.find((tag) => languageOf(tag) === language) ?? language
  return (
    <LanguageContext value={{ language, texts: dictionaries[language], locale, choose }}>{children}</LanguageContext>
  )
}

export function useLanguage(): Choice {
  const choice = use(LanguageContext)
  if (!choice) throw new Error('No LanguageProvider above this component')
  return choice
}

export function useTexts(): Texts {
  return useLanguage().texts
}

/** The first of the wanted languages (BCP 47 tags, best first) that there is a dictionary for. */
export function pickLanguage(wanted: readonly (string | null)[]): Language {
  return wanted.map(languageOf).find((language) => language !== undefined) ?? 'en'
}

function languageOf(tag: string | null): Language | undefined {
  const tongue = tag?.split('-')[0]?.toLowerCase() ?? ''
  return (Object.keys(dictionaries) as Language[]).find((language) => language === tongue)
}

/** Browsers that block storage throw on touching it; the choice then holds for this visit. */
function remembered(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY)
  } catch {
    return null
  }
}

function remember(language: Language): void {
  try {
    localStorage.setItem(STORAGE_KEY, language)
  } catch {
    // See remembered().
  }
}
