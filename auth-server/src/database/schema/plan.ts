import type { Ask } from '../ask.ts'
import { compare } from './compare.ts'
import { compareRows } from './compare-rows.ts'
import type { Comparison } from './ddl.ts'
import { type Decision, type Note, PHASES, type Repair } from './findings.ts'

/** What `migrate` would do, and what it cannot decide. With decisions it does nothing. */
export type Plan = { repairs: Repair[]; decisions: Decision[]; notes: Note[] }

/** Looks at the rows too: a repair that would fail on them, or lose some, becomes a decision. */
export async function makePlan(ask: Ask, comparison: Comparison): Promise<Plan> {
  const findings = compare(comparison)
  const plan: Plan = { repairs: [], decisions: [], notes: [] }
  for (const finding of findings) {
    if (finding.kind === 'note') plan.notes.push(finding)
    else if (finding.kind === 'decision') plan.decisions.push(finding)
    else {
      const doubt = await firstTrueDoubt(ask, finding)
      if (doubt) plan.decisions.push(doubt)
      else plan.repairs.push(finding)
    }
  }
  await addRows(ask, comparison, plan)
  plan.repairs.sort((a, b) => PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase))
  return plan
}

async function firstTrueDoubt(ask: Ask, repair: Repair): Promise<Decision | undefined> {
  for (const { query, decision } of repair.doubts ?? []) {
    const rows = await rowsOf(ask, query)
    if (rows === undefined)
      return { ...repair, kind: 'decision', what: `${repair.what}, and its rows cannot be checked yet` }
    if (rows.length > 0) return { kind: 'decision', table: repair.table, ...decision(rows) }
  }
  return undefined
}

/** Undefined where a column's type does not allow the question, which is a finding of its own. */
async function rowsOf(ask: Ask, query: string): Promise<Record<string, unknown>[] | undefined> {
  try {
    return await ask<Record<string, unknown>>(query)
  } catch (error) {
    if (error instanceof Error && 'code' in error && /^(42|22)/.test(String(error.code))) return undefined
    throw error
  }
}

async function addRows(ask: Ask, comparison: Comparison, plan: Plan): Promise<void> {
  for (const { counts, ...finding } of compareRows(comparison)) {
    const [row] = (await rowsOf(ask, counts)) ?? []
    const count = Number(row?.rows ?? 0)
    if (count === 0) continue
    if (finding.kind === 'repair') plan.repairs.push({ ...finding, what: `${finding.what} (${count})` })
    else plan.notes.push({ ...finding, what: `${finding.what} (${count})` })
  }
}
