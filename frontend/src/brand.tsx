import type { ShownBrand } from '../../brand/src/shown.ts'

/** What brand.json says (docs/branding.md). It stands in the page and in no script: a server may put another brand there. */
const brand = JSON.parse(document.getElementById('brand')?.textContent ?? '') as ShownBrand

export const { name: brandName, links: brandLinks } = brand

/** The logo with the name, or the one that the brand has. Its box has the right size before it has loaded. */
export function BrandMark() {
  const { name, logo } = brand
  if (!logo) return <p className="brand">{name}</p>
  const { light, dark, containsName } = logo
  return (
    <p className="brand">
      <picture>
        <source media="(prefers-color-scheme: dark)" srcSet={dark.src} width={dark.width} height={dark.height} />
        <img src={light.src} width={light.width} height={light.height} alt={containsName ? name : ''} />
      </picture>
      {!containsName && name}
    </p>
  )
}
