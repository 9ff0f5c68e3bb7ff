/**
 * Measures every subject once in each round, in turn, so that whatever else happens on the machine meets all of them.
 * Every second round goes backwards: nobody always comes after the same neighbour. Samples with one index are of one
 * round and may be compared in pairs.
 */
export async function interleave<Subject, Sample>(
  subjects: readonly Subject[],
  rounds: number,
  measure: (subject: Subject) => Promise<Sample>,
): Promise<Map<Subject, Sample[]>> {
  const samples = new Map(subjects.map((subject) => [subject, [] as Sample[]]))
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? subjects : subjects.toReversed()
    for (const subject of order) samples.get(subject)?.push(await measure(subject))
  }
  return samples
}
