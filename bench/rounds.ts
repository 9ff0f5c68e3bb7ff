import { mapValues } from './records.ts'

/**
 * Measures every subject once in each round, in turn, so that other load on the machine affects all of them.
 * Every second round has the reverse order, so that no subject always comes after the same one. Samples with the same
 * index are of the same round and may be compared in pairs.
 */
export async function interleave<Name extends string, Subject, Sample>(
  subjects: Record<Name, Subject>,
  rounds: number,
  measure: (subject: Subject) => Promise<Sample>,
): Promise<Record<Name, Sample[]>> {
  const samples = mapValues(subjects, (): Sample[] => [])
  const names = Object.keys(subjects) as Name[]
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) samples[name].push(await measure(subjects[name]))
  }
  return samples
}
