import { expect, test } from 'vitest'
import type { Fix } from '../src/doctor/finding.ts'
import type { Practice } from './doctor.ts'
import { OLD_HASHES } from './old-hashes.ts'

/** The finding; in which subject; what breaks; which of its ways out is taken (the first, if not said), and what cleans up. */
export type Fault = [
  id: string,
  subject: string,
  breakIt: (practice: Practice) => Promise<unknown>,
  more?: { way?: number; after?: string },
]

/** Each is made in a real database or environment, found, ended by what its finding says word by word, and gone. */
export function testFaults(practice: () => Practice, faults: readonly Fault[]): void {
  test.each(faults)('%s is found in %s, and what it says to do ends it', async (id, subject, breakIt, more = {}) => {
    const before = { ...practice().variables }
    await breakIt(practice())
    const findings = await practice().look([subject])
    expect(findings.map((finding) => finding.id)).toContain(id)
    expect(JSON.stringify(findings)).not.toContain('canary')
    const found = findings.find((finding) => finding.id === id)
    for (const fix of waysOf(found?.fix ?? [])[more.way ?? 0] ?? []) await practice().follow(fix)
    const after = await practice().look([subject])
    expect(after.filter((finding) => finding.id === id).map(({ what }) => what)).toEqual([])
    if (more.after) await practice().sql(more.after)
    practice().variables = before
  })
}

function waysOf(all: readonly Fix[]): Fix[][] {
  const ways: Fix[][] = []
  for (const fix of all) {
    if (fix.or || ways.length === 0) ways.push([])
    ways.at(-1)?.push(fix)
  }
  return ways
}

export const set = (changes: Record<string, string>) => async (practice: Practice) =>
  void Object.assign(practice.variables, changes)
export const run = (text: string) => (practice: Practice) => practice.sql(text)
export const asOwner = (text: string) => (practice: Practice) =>
  practice.follow({ kind: 'sql', text, as: "owner of the backend's tables" })
export const roleOf = (practice: Practice) => new URL(practice.variables.DATABASE_URL ?? '').username

/** SQL of a user, whose columns are given as SQL. */
export function user(id: string, columns: Record<string, string> = {}): string {
  const values = {
    ...{ id: `'${id}'`, name: `'${id}'`, email: `'${id}@acme.org'`, emailVerified: 'true' },
    ...{ createdAt: `now() - interval '1 day'`, updatedAt: `now() - interval '1 day'`, ...columns },
  }
  const names = Object.keys(values).map((name) => `"${name}"`)
  return `INSERT INTO "user" (${names}) VALUES (${Object.values(values)});`
}

/** SQL of a user and an account of theirs, of the same id. */
export function userWith(
  id: string,
  account: Record<string, string> = {},
  columns: Record<string, string> = {},
): string {
  const values = {
    ...{ id: `'${id}'`, userId: `'${id}'`, accountId: `'${id}'`, providerId: `'credential'`, password: OURS },
    ...{ createdAt: `now() - interval '2 years'`, updatedAt: `now() - interval '2 years'`, ...account },
  }
  const names = Object.keys(values).map((name) => `"${name}"`)
  return `${user(id, columns)} INSERT INTO account (${names}) VALUES (${Object.values(values)});`
}

/** As this server writes them, and nobody's. */
const OURS = `'$argon2id$v=19$m=19456,t=2,p=1$${'a'.repeat(22)}$${'b'.repeat(43)}'`
export const oldHash = (wanted: string) => `'${OLD_HASHES.find(([format]) => format === wanted)?.[1]}'`
