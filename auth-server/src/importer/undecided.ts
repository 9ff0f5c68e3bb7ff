import type { ImportOptions } from './options.ts'
import { grouped, usersIn } from './progress.ts'
import type { Reason } from './reasons.ts'
import type { Summary } from './summary.ts'

/** What only the operator can decide, and with which options: with any of it, nothing is written. */
export type Undecided = { what: string; hows: [option: string, effect: string][] }

export function undecided({ reasons, unsaid }: Summary, { idPrefix, isLinking }: ImportOptions): Undecided[] {
  const conflicts = (...wanted: Reason[]) =>
    reasons
      .filter(({ reason, outcome }) => outcome === 'conflict' && wanted.includes(reason))
      .reduce((sum, { users }) => sum + users, 0)
  const found: [count: number, Undecided][] = [
    ofEachOther(conflicts('same-address', 'same-account', 'same-id'), isLinking),
    ofHere(conflicts('address-here', 'account-here')),
    ofIds(conflicts('id-here'), idPrefix),
    ofOthers(conflicts('other-person')),
    ofVerification(unsaid),
  ]
  return found.flatMap(([count, one]) => (count === 0 ? [] : [one]))
}

const rows = (count: number) => (count === 1 ? '1 row has' : `${grouped(count)} rows have`)

function ofEachOther(count: number, isLinking: boolean): [number, Undecided] {
  const what = `${rows(count)} the address, the id or the sign-in of another row.`
  const link: Undecided['hows'] = [['--link', 'makes one user of sign-ins with one verified address']]
  return [
    count,
    {
      what,
      hows: [
        ['--duplicates newest', 'takes the newest of them, or of those with a verified address'],
        ['--duplicates skip', 'leaves these rows out'],
        ...(isLinking ? [] : link),
      ],
    },
  ]
}

function ofHere(count: number): [number, Undecided] {
  const what = `${rows(count)} the address or the sign-in of an account that is here.`
  return [count, { what, hows: [['--duplicates skip', 'keeps the account, and leaves the row out']] }]
}

function ofIds(count: number, idPrefix: string): [number, Undecided] {
  const what = `${rows(count)} the id of an account that is here, and that this source did not bring.`
  const effect = idPrefix === '' ? 'puts a text before every old id' : 'another one than this'
  return [count, { what, hows: [['--id-prefix PREFIX', effect]] }]
}

function ofOthers(count: number): [number, Undecided] {
  const what = `${rows(count)} an id that this source brought with another address, and another password now.`
  return [
    count,
    {
      what,
      hows: [
        ['--source NAME', 'the export is of another database: its ids are of other people'],
        ['--duplicates skip', 'their address changed: the user here stays as it is'],
      ],
    },
  ]
}

function ofVerification(count: number): [number, Undecided] {
  const what = `Of ${usersIn(count)} the export does not say whether the address is verified.`
  return [
    count,
    {
      what,
      hows: [
        ['--verified all', 'the old system had each of them confirmed by mail'],
        ['--verified none', 'they confirm it here'],
      ],
    },
  ]
}
