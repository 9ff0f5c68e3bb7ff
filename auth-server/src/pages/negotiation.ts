import type { Encoding } from './files.ts'

/** The best encoding that the browser takes; undefined: none. RFC 9110 §12.5.3 */
export function chooseEncoding(accepted: string | undefined): Encoding | undefined {
  const weights = new Map<string, number>()
  for (const member of accepted?.split(',') ?? []) {
    const [coding = '', ...parameters] = member.split(';').map((part) => part.trim().toLowerCase())
    if (coding !== '') weights.set(coding, weightOf(parameters))
  }
  const weight = (coding: Encoding) => weights.get(coding) ?? weights.get('*') ?? 0
  const best = weight('br') >= weight('gzip') ? 'br' : 'gzip'
  return weight(best) > 0 ? best : undefined
}

function weightOf(parameters: readonly string[]): number {
  const value = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
  return value === undefined ? 1 : Number(value) || 0
}

/** Whether the browser has this already. Compared weakly, as RFC 9110 §13.1.2 wants it: a proxy may have weakened the tag. */
export function hasCurrent(ifNoneMatch: string | undefined, tag: string): boolean {
  const tags = ifNoneMatch?.split(',').map((one) => one.trim().replace(/^W\//, '')) ?? []
  return tags.includes('*') || tags.includes(tag)
}

/** A browser that asks for a page; programs ask for anything, or for what they can read. */
export const wantsPage = (accepted: string | undefined) => accepted?.toLowerCase().includes('text/html') === true
