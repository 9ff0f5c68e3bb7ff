import type { Bench } from '../bench.ts'
import type { Target } from '../load/closed-loop.ts'
import type { Group } from '../processes/cpu-meter.ts'
import { interleave } from '../rounds.ts'
import { countFor, measureSlice, type Sample } from './slice.ts'

/** What is requested, and whose CPU time that costs. */
export type Subject = { target: Target; groups: readonly Group[] }
export type Plan = {
  rounds: number
  sliceSeconds: number
  /** For each subject. Node needs thousands of requests until its code is compiled. */
  warmUpSeconds: number
}

/** Determines for each subject how many requests fill a slice, then measures all of them in interleaved rounds. */
export async function measureInTurn<Name extends string>(
  bench: Bench,
  subjects: Record<Name, Subject>,
  { rounds, sliceSeconds, warmUpSeconds }: Plan,
): Promise<Record<Name, Sample[]>> {
  const counts = new Map<Subject, number>()
  for (const subject of Object.values<Subject>(subjects)) {
    counts.set(subject, await countFor(subject.target, sliceSeconds, warmUpSeconds))
  }
  return interleave(subjects, rounds, (subject) =>
    measureSlice(bench, subject.target, subject.groups, counts.get(subject) ?? 0),
  )
}
