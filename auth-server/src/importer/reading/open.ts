import { ExportError } from '../export-error.ts'
import type { Input, OpenExport, Settings, System } from '../system.ts'

type Given = { system: System; inputs: readonly Input[]; settings: Settings; signal: AbortSignal }

/** Opens files or a database, finds out what form they have, and reads them row by row. */
export function openExport({ system }: Given): OpenExport {
  throw new ExportError(`exports of ${system.title} cannot be read yet`)
}
