import { colourProperties } from '../../brand/src/css.ts'
import { brandFolder, readBrand, tryBrand } from '../../brand/src/read.ts'
import { repository } from './paths.ts'

/** What pages of dev/ show of the brand. */
export interface Look {
  name: string
  /** `--accent: …;` and its shades for `:root`, with `light-dark()`. */
  colours: string
}

/** @param setting BRAND_FOLDER; empty is the repository's own brand. */
export function readLook(setting: string | undefined): Look {
  const { name, colours } = readBrand(folderOf(setting))
  return { name, colours: colourProperties(colours) }
}

export function brandErrors(setting: string | undefined): readonly string[] {
  return tryBrand(folderOf(setting)).errors
}

export function folderOf(setting: string | undefined): string {
  return brandFolder(repository, setting)
}
