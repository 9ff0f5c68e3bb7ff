import { readFileSync } from 'node:fs'

/** A file of contract/: what the languages must agree on. */
export function readContract<Content>(name: string): Content {
  return JSON.parse(readFileSync(new URL(`../../contract/${name}.json`, import.meta.url), 'utf8'))
}
