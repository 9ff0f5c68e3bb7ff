import { fileURLToPath } from 'node:url'
import { type Brand, brandFolder, tryBrand } from '../../brand/src/read.ts'

/** The folder that holds the brand's: two above this file, and also above the bundle (dist/main.js). */
const root = fileURLToPath(new URL('../..', import.meta.url))

export type { Brand }

/** better-auth's `appName`, and what mails are made of; or what brand.json cannot be used for. */
export function brandOf(setting: string | undefined) {
  return tryBrand(brandFolder(root, setting))
}
