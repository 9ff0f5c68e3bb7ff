import { join } from 'node:path'
import { readLook } from '../brand.ts'
import { repository } from '../paths.ts'

/** Of the backend's /docs. The backend has no brand/ beside it: its image holds Python alone. */
export const stylePath = join(repository, 'backend-fastapi', 'app', 'docs', 'static', 'brand.css')

export function docsStyle(): string {
  const lines = readLook(undefined).colours.split('\n')
  const intro = '/* The colours of brand/brand.json, written by `make docs-style`. Do not edit. */'
  return [intro, ':root {', ...lines.map((line) => `  ${line}`), '}', ''].join('\n')
}
