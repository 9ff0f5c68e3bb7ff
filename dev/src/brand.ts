import { colourProperties } from '../../brand/src/css.ts'
import { iconOf } from '../../brand/src/icon.ts'
import { brandFolder, readBrand, tryBrand } from '../../brand/src/read.ts'
import { repository } from './paths.ts'

/** What pages of dev/ show of the brand. */
export interface Look {
  name: string
  /** `--accent: …;` and its shades for `:root`, with `light-dark()`. */
  colours: string
  /** As a data: URL. */
  icon: string
}

/** @param setting BRAND_FOLDER; empty is the repository's own brand. */
export function readLook(setting: string | undefined): Look {
  const brand = readBrand(folderOf(setting))
  const { type, content } = iconOf(brand)
  const icon = `data:image/${type === 'svg' ? 'svg+xml' : type};base64,${content.toString('base64')}`
  return { name: brand.name, colours: colourProperties(brand.colours), icon }
}

export function brandErrors(setting: string | undefined): readonly string[] {
  return tryBrand(folderOf(setting)).errors
}

export function folderOf(setting: string | undefined): string {
  return brandFolder(repository, setting)
}
