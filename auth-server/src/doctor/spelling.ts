/** The known name that was probably meant: one or two slips away, or the same but for case and underscores. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const plain = bare(name)
  if (plain.length < 6) return undefined
  const slips = plain.length < 9 ? 1 : 2
  const near = known
    .map((candidate) => ({ candidate, distance: distance(plain, bare(candidate)) }))
    .filter(({ distance: far }) => far <= slips)
    .sort((a, b) => a.distance - b.distance)
  return near[0]?.candidate
}

const bare = (name: string) => name.replaceAll('_', '').toUpperCase()

/** Optimal string alignment: letters that are missing, too many, wrong, or swapped with their neighbour. */
function distance(one: string, other: string): number {
  let [before, last] = [[] as number[], Array.from({ length: other.length + 1 }, (_, column) => column)]
  for (let row = 1; row <= one.length; row++) {
    const current = [row]
    for (let column = 1; column <= other.length; column++) {
      const isSame = one[row - 1] === other[column - 1]
      const isSwapped =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      current.push(
        Math.min(
          (last[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (last[column - 1] ?? 0) + (isSame ? 0 : 1),
          isSwapped ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      )
    }
    ;[before, last] = [last, current]
  }
  return last[other.length] ?? 0
}
