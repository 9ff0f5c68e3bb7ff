import { join } from 'node:path'
import { type Picture, readPicture } from './picture.ts'

export type Reader = ReturnType<typeof createReader>

const COLOUR = /^#[0-9a-f]{6}$/i
const FILE = /^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*\.(?:svg|png)$/
const LINK = /^(?:https:\/\/|mailto:)\S+$/i
const MAX_NAME = 40

/** Reads fields by their path, such as `logo.light`, and collects what is wrong with them. No library: an image build has none. */
export function createReader(folder: string, source: unknown) {
  const errors: string[] = []

  function valueAt(path: string): unknown {
    const parts = path.split('.').filter((part) => part !== '')
    return parts.reduce<unknown>((value, part) => (isObject(value) ? value[part] : undefined), source)
  }

  /** Says what is wrong, for an optional field that is not what it must be. */
  function expect(path: string, isRight: (value: string) => boolean, rule: string): string | undefined {
    const value = valueAt(path)
    if (value === undefined) return undefined
    if (typeof value === 'string' && isRight(value)) return value
    errors.push(`${path} ${rule}`)
    return undefined
  }

  function require(path: string, isRight: (value: string) => boolean, rule: string): string | undefined {
    if (valueAt(path) === undefined) errors.push(`${path} is required: it ${rule}`)
    return expect(path, isRight, rule)
  }

  return {
    errors,
    has: (path: string) => valueAt(path) !== undefined,

    /** A field that nothing reads is a typing error, and would be missed silently. */
    knowsOnly(path: string, known: readonly string[]): void {
      const value = valueAt(path)
      if (value === undefined) return
      if (!isObject(value)) errors.push(`${path || 'the file'} must be an object`)
      const unknown = isObject(value) ? Object.keys(value).filter((name) => !known.includes(name)) : []
      for (const name of unknown)
        errors.push(`${path ? `${path}.` : ''}${name} is unknown; known are ${known.join(', ')}`)
    },

    name(path: string): string {
      const isName = (value: string) => value.trim() === value && /^[^\p{Cc}]{1,40}$/u.test(value)
      return require(path, isName, `must be a text of 1 to ${MAX_NAME} characters on one line`) ?? ''
    },

    flag(path: string): boolean {
      const value = valueAt(path)
      if (value !== undefined && typeof value !== 'boolean') errors.push(`${path} must be true or false`)
      return value === true
    },

    colour(path: string): string | undefined {
      return require(path, (value) => COLOUR.test(value), 'must be a colour such as #0f6b5c')?.toLowerCase()
    },

    picture(path: string, ifMissing?: string): Picture | undefined {
      if (valueAt(path) === undefined && ifMissing !== undefined) errors.push(`${path} ${ifMissing}`)
      const file = expect(path, (value) => FILE.test(value), 'must name an .svg or .png file beside brand.json')
      if (file === undefined) return undefined
      try {
        return readPicture(join(folder, file))
      } catch (error) {
        if (!(error instanceof Error)) throw error
        errors.push(`${path} (${file}) ${error.message}`)
        return undefined
      }
    },

    /** With its name, or nothing: a link that is left out is not shown. */
    link<Name extends string>(name: Name): Partial<Record<Name, string>> {
      const isLink = (value: string) => LINK.test(value) && URL.canParse(value)
      const url = expect(`links.${name}`, isLink, 'must be an https:// or mailto: address')
      return url === undefined ? {} : ({ [name]: url } as Partial<Record<Name, string>>)
    },
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
