import { figure } from './report/format.ts'
import type { Spread } from './statistics.ts'

/** A ratio of CPU times that were measured in turn: what a busy machine distorts least. */
export type Gate = { what: string; ratio: Spread; max: number }

/** Prints one line for each; true if all hold. The median decides. */
export function judge(gates: Gate[], say: (text: string) => void): boolean {
  const verdicts = gates.map((gate) => ({ ...gate, holds: gate.ratio.median <= gate.max }))
  for (const { what, ratio, max, holds } of verdicts) {
    const rounds = `${figure(ratio.low)} to ${figure(ratio.high)} in half of the rounds`
    say(`  ${holds ? '✓' : '✗'} ${what}: ${figure(ratio.median)} (${rounds}), at most ${figure(max)}`)
  }
  return verdicts.every(({ holds }) => holds)
}
