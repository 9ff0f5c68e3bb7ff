import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from './paths.ts'
import {
  appendVariables,
  createOnce,
  fillIn,
  missingSecrets,
  readEnvFile,
  type Variables,
} from './settings/env-file.ts'
import { distance, unused } from './settings/names.ts'
import { inspectSettings, merge, readSettings, type Settings } from './settings/settings.ts'

const example = join(repository, '.env.example')

export type Inspected = { settings: Settings; faults: string[] }

/** The settings of `make up`: `.env`, made first where there is none, and over it the shell. */
export function developmentSettings(shell: NodeJS.ProcessEnv, note: (text: string) => void): Inspected {
  const path = join(repository, '.env')
  if (createOnce(path, fillIn(readFileSync(example, 'utf8'))))
    note('.env made from .env.example, with secrets of its own')
  const added = missingSecrets(readEnvFile(example).values, readEnvFile(path).values)
  if (Object.keys(added).length > 0) {
    appendVariables(path, added)
    note(`.env got a secret that it lacked, at random: ${Object.keys(added).join(', ')}`)
  }
  const file = readEnvFile(path)
  const known = readEnvFile(example).values
  noteNames(Object.keys(known), Object.keys(file.values), note)
  const { settings, faults } = inspectSettings(merge(known, file.values, shell))
  return { settings, faults: [...file.faults.map((fault) => `.env ${fault}`), ...faults] }
}

function noteNames(known: string[], written: string[], note: (text: string) => void) {
  const missing = known.filter((name) => !written.includes(name))
  if (missing.length > 0) note(`.env.example has what .env does not (defaults apply): ${missing.join(', ')}`)
  const unknown = written.filter((name) => !known.includes(name))
  for (const name of unknown)
    note(unused[name] ?? `.env sets ${name}, which .env.example does not name${hint(name, known)}`)
}

function hint(name: string, known: string[]): string {
  const near = known.find((other) => distance(name, other) <= 2)
  return near === undefined ? '' : `; did you mean ${near}?`
}

/** Settings of a throw-away stack: a file of its own, and nothing from the shell. */
export function throwawaySettings(folder: string, overrides: Variables): Settings {
  const path = join(folder, 'env')
  createOnce(path, fillIn(readFileSync(example, 'utf8'), overrides))
  return readSettings(readEnvFile(path).values)
}

/** The same file with other values, which may be wrong. */
export function throwawayInspected(folder: string, changes: Variables): Inspected {
  return inspectSettings({ ...readEnvFile(join(folder, 'env')).values, ...changes })
}
