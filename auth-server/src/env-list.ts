import { readFileSync } from 'node:fs'

/** A setting that is a JSON list, or the path of a file with one. `undefined` where it is neither. */
export function readList(setting: string): unknown {
  try {
    return JSON.parse(setting.trimStart().startsWith('[') ? setting : readFileSync(setting, 'utf8'))
  } catch {
    return undefined
  }
}
