import { createContext, type ReactNode, use, useEffect, useState } from 'react'
import { type Language, languageOf, pickLanguage, type Texts, type Translated, textsIn } from './texts.ts'

const STORAGE_KEY = 'language'
const defaultLanguage = import.meta.env.VITE_DEFAULT_LANGUAGE ?? null

interface Choice {
  language: Language
  /** For dates: the variety of the language that the browser prefers, such as en-GB. */
  locale: string
  choose: (language: Language) => void
}

const LanguageContext = createContext<Choice | null>(null)

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(() => pickLanguage([remembered(), ...preferred()], defaultLanguage))

  function choose(chosen: Language): void {
    setLanguage(chosen)
    remember(chosen)
  }

  useEffect(() => {
    document.documentElement.lang = language
  }, [language])

  const locale = preferred().find((tag) => languageOf(tag) === language) ?? language
  return <LanguageContext value={{ language, locale, choose }}>{children}</LanguageContext>
}

export function useLanguage(): Choice {
  const choice = use(LanguageContext)
  if (!choice) throw new Error('No LanguageProvider above this component')
  return choice
}

export function useTexts<T extends Texts>(texts: T): Translated<T> {
  return textsIn(useLanguage().language, texts)
}

/** Best first. Some browsers tell nothing, and some a name of the system's (`en-US@posix`) that no `Intl` accepts. */
function preferred(): string[] {
  return [...(navigator.languages ?? []), navigator.language].filter(isLocale)
}

function isLocale(tag: string | undefined): tag is string {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}

/** Browsers that block storage throw on any access; the choice then holds for this visit. */
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
