import type { StoredHash } from './format.ts'

/**
 * WordPress trims passwords, and until 6.7 hashed what its forms gave it, where a quote or a backslash has a backslash
 * before it.
 */
export function asWordPress(inner: StoredHash): StoredHash {
  const verify = async (password: string) => {
    const trimmed = password.trim()
    const slashed = trimmed.replace(/['"\\]/g, String.raw`\$&`).replaceAll('\0', String.raw`\0`)
    for (const tried of new Set([password, trimmed, slashed])) if (await inner.verify(tried)) return true
    return false
  }
  return { format: `wordpress-${inner.format}`, costMs: inner.costMs, verify }
}
