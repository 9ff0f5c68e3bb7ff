import { useLanguage, useTexts } from '../texts/language.tsx'
import { type Language, languages } from '../texts/texts.ts'
import { commonTexts } from './texts.ts'

export function LanguageSwitch() {
  const { language, choose } = useLanguage()
  return (
    <nav aria-label={useTexts(commonTexts).language} className="languages">
      {(Object.keys(languages) as Language[]).map((other) => (
        <button key={other} type="button" lang={other} aria-pressed={other === language} onClick={() => choose(other)}>
          {languages[other]}
        </button>
      ))}
    </nav>
  )
}
