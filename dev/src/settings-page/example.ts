export type Setting = { name: string; value: string; meaning: string }
export type Group = { title: string; introduction: string[]; settings: Setting[] }

const heading = /^# -{2,} ([^.]+?)(?:\. ?([^-]*?))? ?-*$/
const assignment = /^([A-Z][A-Z0-9_]*)=(.*)$/

/**
 * .env.example as groups. A comment describes the settings below it, up to the next comment or empty line; one that is
 * followed by an empty line is about its group. What stands above the first heading is about the file.
 */
export function parseExample(text: string): Group[] {
  const groups: Group[] = []
  let comment: string[] = []
  let isUsed = false
  const keepForGroup = () => {
    if (!isUsed) groups.at(-1)?.introduction.push(...comment)
    comment = []
    isUsed = false
  }
  for (const line of text.split('\n')) {
    const [, title, rest] = heading.exec(line) ?? []
    const [, name, value] = assignment.exec(line) ?? []
    if (title !== undefined) {
      keepForGroup()
      groups.push({ title, introduction: rest ? [rest] : [], settings: [] })
    } else if (name !== undefined) {
      groups.at(-1)?.settings.push({ name, value: value ?? '', meaning: described(name, comment) })
      isUsed = true
    } else if (line.startsWith('# ')) {
      if (isUsed) keepForGroup()
      comment.push(line.slice(2))
    } else {
      keepForGroup()
    }
  }
  return groups
}

function described(name: string, comment: string[]): string {
  if (comment.length === 0) throw new Error(`.env.example does not say what ${name} means: it needs a comment`)
  return comment.join(' ')
}
