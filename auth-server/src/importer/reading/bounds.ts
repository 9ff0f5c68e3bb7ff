/** What one line of a dump, or one entry of a JSON file, may have: what is read is in memory at once. */
export const MAX_PIECE_CHARACTERS = 32 * 1024 * 1024

/** Longer than any value that is taken: what is behind it is never looked at, so it is not kept. */
export const MAX_VALUE_CHARACTERS = 256 * 1024

/**
 * As much of a text as is kept. Neither jsonb nor text can hold NUL: SUB takes its place, the control character that stands
 * for another one, which no rule for names, addresses or hashes lets through.
 */
export function kept(text: string): string {
  const cut = text.length > MAX_VALUE_CHARACTERS ? text.slice(0, MAX_VALUE_CHARACTERS) : text
  return cut.includes('\0') ? cut.replaceAll('\0', '\u001a') : cut
}
