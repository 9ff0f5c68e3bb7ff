import { createRender } from '../database/naming/client.ts'
import type { Env } from '../env.ts'
import { inspectEnv } from '../env-inspect.ts'
import { CHECKS } from './checks.ts'
import {
  type Check,
  type Examined,
  type Fix,
  type Found,
  type Given,
  type Kind,
  type Subject,
  shell,
} from './finding.ts'
import { createReader, type Reader } from './reader.ts'
import { reasonIn } from './reason.ts'

/** Of one check, whatever it waits for. */
const CHECK_MS = 8000

export type Finding = Found & Pick<Kind, 'severity' | 'why'> & { subject: string }
/** `skipped`: what it needs is not there, which is a finding of another check. */
export type Outcome = 'passed' | 'found' | 'failed' | 'skipped'
export type Checked = { subject: string; name: string; outcome: Outcome; milliseconds: number }
export type Report = { checks: Checked[]; findings: Finding[]; milliseconds: number }

type Options = { backendUrl?: string | undefined; now?: () => number; subjects?: readonly Subject[]; checkMs?: number }
type Run = { check: Check; subject: Subject; findings: Finding[]; checked: Checked }

/** Looks at everything, changes nothing, and never throws: a check that fails is a finding. */
export async function examine(
  given: Given,
  { backendUrl, now = Date.now, subjects = CHECKS, checkMs = CHECK_MS }: Options = {},
): Promise<Report> {
  const begin = performance.now()
  const { env } = inspectEnv({ ...given })
  const examined = env && { given, env, backendUrl, now }
  const checks = subjects.flatMap((subject) => subject.checks.map((check) => ({ subject, check })))
  const database = examined && createReader(examined.env, 'DATABASE_URL_DIRECT', examined.env.DATABASE_URL_DIRECT)
  const unreachable = database && (await reasonOf(() => database.read((query) => query('SELECT'))))
  const reader = unreachable === undefined ? database : undefined
  // Over one connection one after another, beside those that ask the network.
  const [others, ofDatabase] = [
    checks.filter(({ check }) => check.of !== 'database'),
    checks.filter(({ check }) => check.of === 'database'),
  ]
  const runs = Promise.all(others.map((one) => run(one, { given, examined, now, checkMs, reader: undefined })))
  const more: Run[] = []
  for (const one of ofDatabase) more.push(await run(one, { given, examined, now, checkMs, reader }))
  const all = [...(await runs), ...more]
  await database?.end()
  const ordered = checks.flatMap(({ check }) => all.filter((found) => found.check === check))
  return {
    checks: ordered.map(({ checked }) => checked),
    findings: [
      ...(unreachable === undefined ? [] : [databaseFinding(unreachable)]),
      ...ordered.flatMap(({ findings }) => findings),
    ],
    milliseconds: Math.round(performance.now() - begin),
  }
}

type Means = {
  given: Given
  now: () => number
  examined: Examined | undefined
  reader: Reader | undefined
  checkMs: number
}

async function run({ subject, check }: { subject: Subject; check: Check }, means: Means): Promise<Run> {
  const begin = performance.now()
  const of = (outcome: Outcome, findings: Finding[] = []): Run => {
    const milliseconds = Math.round(performance.now() - begin)
    return { check, subject, findings, checked: { subject: subject.title, name: check.name, outcome, milliseconds } }
  }
  const work = workOf(check, means)
  const named = namedBy(subject.isNamed ? undefined : means.examined?.env)
  if (work === undefined) return of('skipped')
  try {
    const found = await within(means.checkMs, work())
    const findings = found.map((one) => describe(subject, one, named))
    return of(findings.length === 0 ? 'passed' : 'found', findings)
  } catch (error) {
    if (isBehind(error)) return of('skipped')
    return of('failed', [failure(subject, check, error)])
  }
}

function namedBy(env: Env | undefined): (fix: Fix) => Fix {
  if (env === undefined) return (fix) => fix
  const rendered = createRender(env)
  return (fix) => (fix.kind === 'sql' ? { ...fix, text: rendered(fix.text).text } : fix)
}

function workOf(check: Check, { given, now, examined, reader }: Means): (() => Promise<Found[]>) | undefined {
  if (check.of === 'settings') return async () => check.run(given, now())
  if (examined === undefined) return undefined
  if (check.of === 'network') return () => check.run(examined)
  return reader && (() => check.run(reader, examined))
}

/** `named` writes SQL with what the settings call tables and columns: it is there to be copied. */
function describe({ title, kinds }: Subject, found: Found, named: (fix: Fix) => Fix): Finding {
  const kind = kinds[found.id]
  if (kind === undefined) throw new Error(`the finding ${found.id} is in no table`)
  return { ...found, fix: found.fix.map(named), ...kind, subject: title }
}

/** Of what every subject may find. */
export const COMMON = {
  'check-failed': { severity: 'warning', why: 'What was not looked at may be wrong.' },
  'database-unreachable': { severity: 'error', why: 'Nobody can sign in, and every check of a session is a 503.' },
} as const satisfies Record<string, Kind>

function failure({ title }: Subject, { name }: Check, error: unknown): Finding {
  const what = `The check "${name}" could not be made: ${reasonIn(error)}.`
  return {
    id: 'check-failed',
    subject: title,
    ...COMMON['check-failed'],
    what,
    fix: [shell('auth-server doctor', { note: 'again, at another time' })],
  }
}

function databaseFinding(reason: string): Finding {
  return {
    id: 'database-unreachable',
    subject: 'Database',
    ...COMMON['database-unreachable'],
    what: `The database cannot be used with DATABASE_URL_DIRECT (or DATABASE_URL): ${reason}.`,
    fix: [
      shell("export DATABASE_URL='postgres://ROLE:PASSWORD@HOST:5432/DATABASE'", {
        note: 'where it is; then look again',
      }),
    ],
  }
}

async function reasonOf(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    return reasonIn(error)
  }
}

/** A table, column or schema is missing: the comparison of the schema says so. */
const isBehind = (error: unknown) =>
  error instanceof Error && 'code' in error && /^(?:42P01|42703|3F000)$/.test(String(error.code))

async function within<Result>(milliseconds: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no result within ${milliseconds / 1000} s`)), milliseconds)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
