/** `migrate` or `setup-database` could not do its work; the message tells the operator what to do. */
export class DatabaseTaskFailed extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'DatabaseTaskFailed'
  }
}
