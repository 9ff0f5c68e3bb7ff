export type Block =
  | { kind: 'paragraph'; text: string }
  /** A placeholder whose value is an address. */
  | { kind: 'button'; label: string; target: string }
  /** To be read and typed. */
  | { kind: 'code'; text: string }

export type Template = { subject: string; blocks: readonly Block[] }

/** Everywhere in texts and in HTML. */
export const PLACEHOLDER = /\{\{(\w+)\}\}/g

const CODE = /^\{\{code\}\}$/
const BUTTON = /^\[([^\]\n]+)\] *\{\{(\w+)\}\}$/

/** Undefined without a subject in the first line. */
export function parseTemplate(written: string): Template | undefined {
  const [head = '', ...parts] = written
    .replaceAll('\r\n', '\n')
    .trim()
    .split(/\n\s*\n/)
  const [, subject] = /^Subject: *(\S.*)$/.exec(head.trim()) ?? []
  if (subject === undefined) return undefined
  return { subject, blocks: parts.map((part) => toBlock(part.trim())) }
}

function toBlock(text: string): Block {
  if (CODE.test(text)) return { kind: 'code', text }
  const [, label, target] = BUTTON.exec(text) ?? []
  return label !== undefined && target !== undefined
    ? { kind: 'button', label, target }
    : { kind: 'paragraph', text: text.replace(/\s*\n\s*/g, ' ') }
}

/** The names of all placeholders in it. */
export function placeholdersIn(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name)
}
