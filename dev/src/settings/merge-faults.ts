/** Every list's lines, without what an earlier list says about the same setting: two services read some of them. */
export function mergeFaults(lists: readonly (readonly string[])[]): string[] {
  const merged: string[] = []
  for (const list of lists) {
    const named = new Set(merged.map(settingOf))
    merged.push(...new Set(list.filter((fault) => !named.has(settingOf(fault)))))
  }
  return merged
}

function settingOf(fault: string): string {
  return /^[A-Z][A-Z0-9_]+(?= )/.exec(fault)?.[0] ?? fault
}

/** The faults in what a service prints that refuses its settings; all of it where it ended otherwise. */
export function faultsIn({ code, output }: { code: number; output: string }): string[] {
  if (code === 0) return []
  const listed = [...output.matchAll(/^ {2}- (.+)$/gm)].map(([, fault = '']) => fault)
  return listed.length > 0 ? listed : [output.trim() || `a check ended with exit code ${code}`]
}
