/** How programs have stored bytes in a column of text, so that the hash has something around it. */
export function repaired(raw: string): { text: string; isRepaired: boolean } {
  const trimmed = raw.trim()
  const text = ofBytes(trimmed) ?? ofPython(trimmed) ?? trimmed
  return { text, isRepaired: text !== raw }
}

/** PostgreSQL's way to write bytes as text: `\x2432…`. */
function ofBytes(text: string): string | undefined {
  const [, digits] = /^\\x((?:[0-9a-f]{2})+)$/i.exec(text) ?? []
  if (digits === undefined) return undefined
  const meant = Buffer.from(digits, 'hex').toString('latin1').replace(/\0+$/, '').trim()
  return /^[\x21-\x7e]+$/.test(meant) ? meant : undefined
}

/** Python's str() of bytes: `b'$2b$…'`. */
function ofPython(text: string): string | undefined {
  return /^b(['"])([\x20-\x7e]*)\1$/.exec(text)?.[2]?.trim()
}
