import { brandLinks } from '../brand.tsx'
import { useTexts } from '../texts/language.tsx'
import { brandTexts } from './texts.ts'

/** Where the brand has its support, terms and privacy policy. A page opens beside this one, where something may be typed. */
export function BrandLinks() {
  const texts = useTexts(brandTexts)
  const all = [
    { href: brandLinks.support, text: texts.support },
    { href: brandLinks.terms, text: texts.terms },
    { href: brandLinks.privacy, text: texts.privacy },
  ]
  const links = all.filter(({ href }) => href !== undefined)
  if (links.length === 0) return null
  return (
    <nav aria-label={texts.label} className="brand-links">
      {links.map(({ href, text }) =>
        href?.startsWith('https:') ? (
          <a key={text} href={href} target="_blank" rel="noreferrer">
            {text}
            <span className="unseen"> {texts.newTab}</span>
          </a>
        ) : (
          <a key={text} href={href}>
            {text}
          </a>
        ),
      )}
    </nav>
  )
}
