import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from './paths.ts'
import { createOnce, fillIn, readEnvFile, type Variables } from './settings/env-file.ts'
import { merge, readSettings, type Settings } from './settings/settings.ts'

const example = join(repository, '.env.example')

/** The settings of `make up`: `.env`, made first where there is none, and over it the shell. */
export function developmentSettings(shell: NodeJS.ProcessEnv, note: (text: string) => void): Settings {
  const path = join(repository, '.env')
  if (createOnce(path, fillIn(readFileSync(example, 'utf8'))))
    note('.env made from .env.example, with secrets of its own')
  const file = readEnvFile(path)
  const known = Object.keys(readEnvFile(example))
  const missing = known.filter((name) => file[name] === undefined)
  if (missing.length > 0) note(`.env.example has what .env does not (defaults apply): ${missing.join(', ')}`)
  return readSettings(merge(known, file, shell))
}

/** Settings of a throw-away stack: a file of its own, and nothing from the shell. */
export function throwawaySettings(folder: string, overrides: Variables): Settings {
  const path = join(folder, 'env')
  createOnce(path, fillIn(readFileSync(example, 'utf8'), overrides))
  return readSettings(readEnvFile(path))
}
