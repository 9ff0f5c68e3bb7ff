import { type Language, languageNames, useLanguage } from '../texts/language.tsx'

export function LanguageSwitch() {
  const { language, choose, texts } = useLanguage()
  return (
    <nav aria-label={texts.common.language} className="languages">
      {(Object.keys(languageNames) as Language[]).map((other) => (
        <button key={other} type="button" lang={other} aria-pressed={other === language} onClick={() => choose(other)}>
          {languageNames[other]}
        </button>
      ))}
    </nav>
  )
}
