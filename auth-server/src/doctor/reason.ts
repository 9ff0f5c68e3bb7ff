/** Codes and texts of PostgreSQL's, Node's and pg's errors. None repeats a row: what is asked here names no value. */
export function reasonIn(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error'
  const inner = error instanceof AggregateError ? error.errors[0] : error
  const { code, message } = inner as { code?: unknown; message: string }
  const text = message.trim().replace(/\.$/, '') || String(code)
  return typeof code === 'string' && !text.includes(code) ? `${text} (${code})` : text
}
