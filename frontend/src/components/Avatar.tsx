import './avatar.css'

/** Stands beside the name, so it is no text. Without a name it is a placeholder. */
export function Avatar({ name = '' }: { name?: string }) {
  return <span className="avatar" aria-hidden="true" data-initials={initials(name)} />
}

/** Of the first and the last word, by code points: half an emoji is not a character. */
function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean)
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words
  return ends
    .map((word) => Array.from(word ?? '')[0])
    .join('')
    .toLocaleUpperCase()
}
