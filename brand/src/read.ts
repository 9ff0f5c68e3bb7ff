import { readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { contrastErrors } from './contrast.ts'
import { type Colours, coloursOf, type Scheme } from './palette.ts'
import type { Picture } from './picture.ts'
import { createReader, type Reader } from './reader.ts'

/** The brand of the pages and mails, as brand.json says it (docs/branding.md), with what follows from it. */
export interface Brand {
  name: string
  logo: Logo | null
  /** Null: the name's first letter on the accent (icon.ts). */
  icon: Picture | null
  colours: Record<Scheme, Colours>
  links: Links
}

export interface Logo {
  light: Picture
  dark: Picture
  /** A wordmark: the name is not written beside it. */
  containsName: boolean
}

export type Links = Partial<Record<'support' | 'terms' | 'privacy', string>>

/** The folder that BRAND_FOLDER names, seen from the repository's root. */
export function brandFolder(root: string, setting: string | undefined): string {
  return resolve(root, setting || 'brand')
}

/** The brand, or every error of it, one line each. */
export function tryBrand(folder: string): { value: Brand; errors: [] } | { value: null; errors: string[] } {
  const parsed = parse(folder)
  if ('error' in parsed) return { value: null, errors: [parsed.error] }
  const reader = createReader(folder, parsed.json)
  const value = read(reader)
  if (reader.errors.length === 0) return { value, errors: [] }
  return { value: null, errors: reader.errors.map((error) => `${fileName(folder)}: ${error}`) }
}

/** Throws with all errors: a wrong brand is found when it is built or a service starts, never by a user. */
export function readBrand(folder: string): Brand {
  const { value, errors } = tryBrand(folder)
  if (!value) throw new Error(`The brand cannot be used:\n${errors.map((error) => `  - ${error}`).join('\n')}`)
  return value
}

/** The same wherever the folder is: make up and a service in its container name one error once. */
const fileName = (folder: string) => `${basename(folder)}/brand.json`

function parse(folder: string): { json: unknown } | { error: string } {
  try {
    return { json: JSON.parse(readFileSync(join(folder, 'brand.json'), 'utf8')) }
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error
    if (isMissing) return { error: `BRAND_FOLDER leads to no ${fileName(folder)}` }
    return { error: `${fileName(folder)} is not valid JSON: ${String(error)}` }
  }
}

function read(reader: Reader): Brand {
  reader.knowsOnly('', ['$schema', 'name', 'logo', 'icon', 'accent', 'links'])
  reader.knowsOnly('accent', ['light', 'dark'])
  reader.knowsOnly('links', ['support', 'terms', 'privacy'])
  const name = reader.name('name')
  const logo = reader.has('logo') ? readLogo(reader) : null
  return {
    name,
    logo,
    icon: reader.picture('icon') ?? (logo?.containsName ? null : (logo?.light ?? null)),
    colours: { light: readColours(reader, 'light'), dark: readColours(reader, 'dark') },
    links: {
      ...reader.link('support'),
      ...reader.link('terms'),
      ...reader.link('privacy'),
    },
  }
}

function readLogo(reader: Reader): Logo | null {
  reader.knowsOnly('logo', ['light', 'dark', 'containsName'])
  const containsName = reader.flag('logo.containsName')
  const light = reader.picture('logo.light', 'is required')
  const dark = reader.picture('logo.dark') ?? light
  return light && dark ? { light, dark, containsName } : null
}

function readColours(reader: Reader, scheme: Scheme): Colours {
  const accent = reader.colour(`accent.${scheme}`)
  if (accent === undefined) return coloursOf('#808080', scheme)
  const colours = coloursOf(accent, scheme)
  reader.errors.push(...contrastErrors(colours, scheme))
  return colours
}
