import { ExportError } from '../export-error.ts'

/** Of a file as a whole: there is no line to name. */
export function fileError(file: string, what: string): ExportError {
  return new ExportError(`${file}: ${what}`)
}
