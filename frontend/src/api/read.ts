/** Reads fields of a response's JSON, which could be anything: a proxy's login page also arrives as a 200. */

/** The response is not what the contract says. */
export class UnexpectedResponse extends Error {}

export function readField(body: unknown, name: string): unknown {
  if (typeof body !== 'object' || !body) throw new UnexpectedResponse(`${name} of no object`)
  return (body as Record<string, unknown>)[name]
}

export function readText(body: unknown, name: string): string {
  const value = readField(body, name)
  if (typeof value !== 'string') throw new UnexpectedResponse(`${name} is not a text`)
  return value
}

/** Also null where there is no such field. */
export function readOptionalText(body: unknown, name: string): string | null {
  return readField(body, name) == null ? null : readText(body, name)
}

export function readNumber(body: unknown, name: string): number {
  const value = readField(body, name)
  if (typeof value !== 'number') throw new UnexpectedResponse(`${name} is not a number`)
  return value
}

export function readDate(body: unknown, name: string): Date {
  const value = new Date(readText(body, name))
  if (Number.isNaN(value.getTime())) throw new UnexpectedResponse(`${name} is not a date`)
  return value
}

export function readList<T>(body: unknown, name: string, readItem: (item: unknown) => T): T[] {
  const value = readField(body, name)
  if (!Array.isArray(value)) throw new UnexpectedResponse(`${name} is not a list`)
  return value.map(readItem)
}

/** For a request whose response says nothing but that it worked. */
export function readNothing(): void {}
