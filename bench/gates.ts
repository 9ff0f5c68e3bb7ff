import { figure } from './report/format.ts'
import type { Spread } from './statistics.ts'

/** A ratio of CPU times that were measured in turn: what a busy machine disturbs least. */
export type Gate = { what: string; ratio: Spread; most: number }

/** One line for each; true if all hold. The median decides. */
export function judge(gates: Gate[], say: (text: string) => void): boolean {
  const verdicts = gates.map((gate) => ({ ...gate, holds: gate.ratio.median <= gate.most }))
  for (const { what, ratio, most, holds } of verdicts) {
    const rounds = `${figure(ratio.low)} to ${figure(ratio.high)} in half of the rounds`
    say(`  ${holds ? '✓' : '✗'} ${what}: ${figure(ratio.median)} (${rounds}), at most ${figure(most)}`)
  }
  return verdicts.every(({ holds }) => holds)
}
