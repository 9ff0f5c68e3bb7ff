import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { iconOf } from './icon.ts'
import type { Picture } from './picture.ts'
import type { Brand, Links } from './read.ts'

/** What the script of the pages shows of a brand. */
export interface ShownBrand {
  name: string
  logo: { light: ShownPicture; dark: ShownPicture; containsName: boolean } | null
  links: Links
}

interface ShownPicture {
  src: string
  width: number
  height: number
}

export interface BrandFile {
  /** With a hash of its content: servers let browsers keep what is below /assets for ever. */
  path: string
  type: string
  content: Buffer
}

const TYPES = { svg: 'image/svg+xml', png: 'image/png' }

/** Logo and icon as files of the pages' own origin, each once, and what leads to them. */
export function shownOf(brand: Brand): { files: readonly BrandFile[]; icon: BrandFile; shown: ShownBrand } {
  const files: BrandFile[] = []
  const add = (name: string, type: keyof typeof TYPES, content: Buffer): BrandFile => {
    const file = { path: `/assets/${name}-${contentHash(content)}.${type}`, type: TYPES[type], content }
    if (!files.some(({ path }) => path === file.path)) files.push(file)
    return file
  }
  const show = ({ path, type, width, height }: Picture): ShownPicture => ({
    ...{ src: add('logo', type, readFileSync(path)).path, width, height },
  })
  const { type, content } = iconOf(brand)
  const icon = add('icon', type, content)
  const logo = brand.logo && {
    light: show(brand.logo.light),
    dark: show(brand.logo.dark),
    containsName: brand.logo.containsName,
  }
  return { files, icon, shown: { name: brand.name, logo, links: brand.links } }
}

/** For the name of a file that never changes. */
export function contentHash(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 8)
}
