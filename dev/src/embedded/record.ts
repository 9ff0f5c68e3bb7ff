import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { ProcessSpec } from './process-service.ts'

const Record = z.object({
  /** Absent when the settings name a database elsewhere. */
  postgres: z.object({ port: z.number().optional(), settings: z.record(z.string(), z.string()) }).optional(),
  processes: z.array(ProcessSpec),
})
/** How the services of a stack were last started, so that they can be stopped and started as they were. Holds secrets. */
export type Record = z.infer<typeof Record>

export function readRecord(folder: string): Record | undefined {
  const path = join(folder, 'embedded.json')
  return existsSync(path) ? Record.parse(JSON.parse(readFileSync(path, 'utf8'))) : undefined
}

export function writeRecord(folder: string, record: Record): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, 'embedded.json')
  writeFileSync(`${path}.new`, JSON.stringify(record), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}
