import type { Place } from './system.ts'

/** The export cannot be read. Never with anything of a row: it may be a hash. */
export class ExportError extends Error {
  readonly place: Place | undefined

  constructor(message: string, place?: Place) {
    super(place === undefined ? message : `${place.file}, line ${place.line}: ${message}`)
    this.name = 'ExportError'
    this.place = place
  }
}
