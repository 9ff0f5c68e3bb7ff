import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { nearest } from '../../../auth-server/src/doctor/spelling.ts'
import { createOnce } from '../create-once.ts'
import { repository } from '../paths.ts'
import { appendVariables, fillIn, missingSecrets, readEnvFile, type Variables } from './env-file.ts'
import { missingProject } from './project.ts'
import { inspectSettings, merge, readSettings, type Settings } from './settings.ts'

const example = join(repository, '.env.example')

export type Inspected = {
  settings: Settings
  errors: string[]
  /** What was done to .env, and what is odd about it. */
  notes: string[]
}

/** The settings of `make up`: `.env`, made first where there is none, and over it the shell. */
export function developmentSettings(shell: NodeJS.ProcessEnv): Inspected {
  const path = join(repository, '.env')
  const notes: string[] = []
  if (createOnce(path, fillIn(readFileSync(example, 'utf8')))) {
    notes.push('.env was made from .env.example, with random secrets')
  }
  const known = readEnvFile(example).values
  const found = readEnvFile(path).values
  const project = missingProject(found)
  appendVariables(path, project)
  if (project.COMPOSE_PROJECT_NAME) {
    notes.push('.env got COMPOSE_PROJECT_NAME=auth-sidecar: it keeps the containers and data of an earlier version')
  }
  const added = missingSecrets(known, found)
  if (Object.keys(added).length > 0) {
    appendVariables(path, added)
    notes.push(`.env lacked a secret and got a random one: ${Object.keys(added).join(', ')}`)
  }
  const file = readEnvFile(path)
  notes.push(...remarks(Object.keys(known), Object.keys(file.values)))
  const { settings, errors } = inspectSettings(merge(known, file.values, shell))
  return { settings, errors: [...file.errors.map((error) => `.env ${error}`), ...errors], notes }
}

const shownNames = 3

/** What the names in .env tell: settings that it lacks, that belong to other systems, or that are misspelt. */
export function remarks(known: string[], written: string[]): string[] {
  const missing = known.filter((name) => !written.includes(name))
  const others = missing.length > shownNames ? ` and ${missing.length - shownNames} more` : ''
  const names = missing.slice(0, shownNames).join(', ') + others
  const lacks = missing.length > 0 ? [`not in .env, so the defaults apply: ${names} (see .env.example)`] : []
  const unknown = written.filter((name) => !known.includes(name))
  return [
    ...lacks,
    ...unknown.map((name) => {
      const meant = nearest(name, known)
      return notUsed(name) ?? `.env sets ${name}, which is no setting${meant ? `; did you mean ${meant}?` : ''}`
    }),
  ]
}

/** .env.example has a line about settings of other systems, and what does their work here. */
function notUsed(name: string): string | undefined {
  const [, reason] = new RegExp(`^# ${name}: (.+)$`, 'm').exec(readFileSync(example, 'utf8')) ?? []
  return reason && `${name} is not used: ${reason}`
}

/** Settings of a throw-away stack: a file of its own, and nothing from the shell. */
export function throwawaySettings(folder: string, overrides: Variables): Settings {
  const path = join(folder, 'env')
  createOnce(path, fillIn(readFileSync(example, 'utf8'), overrides))
  return readSettings(readEnvFile(path).values)
}

/** The same file with other values, which may be wrong. */
export function changedSettings(folder: string, changes: Variables): Inspected {
  return { ...inspectSettings({ ...readEnvFile(join(folder, 'env')).values, ...changes }), notes: [] }
}
