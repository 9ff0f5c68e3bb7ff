import type { ImportOptions } from './options.ts'
import { grouped } from './progress.ts'
import type { Reason } from './reasons.ts'
import type { Summary } from './summary.ts'

/** What only the operator can decide, and how: with any of it, nothing is written. */
export type Undecided = { what: string; how: string }

export function undecided({ reasons, unsaid }: Summary, { idPrefix, isLinking }: ImportOptions): Undecided[] {
  const conflicts = (...wanted: Reason[]) =>
    reasons
      .filter(({ reason, outcome }) => outcome === 'conflict' && wanted.includes(reason))
      .reduce((sum, { users }) => sum + users, 0)
  const [address, ids] = [conflicts('same-address', 'same-account', 'same-id'), conflicts('id-here')]
  const here = conflicts('address-here', 'account-here')
  const link = isLinking ? '' : '; --link, where they are one person’s sign-ins with a verified address'
  return [
    ...(address === 0
      ? []
      : [
          {
            what: `${rows(address)} one address, id or sign-in with another row`,
            how: `--duplicates newest takes the newest of them, --duplicates skip leaves all of them out${link}`,
          },
        ]),
    ...(here === 0
      ? []
      : [
          {
            what: `${rows(here)} an address or a sign-in that an account here has`,
            how: '--duplicates skip or newest keeps the account that is here and leaves the row out',
          },
        ]),
    ...(ids === 0
      ? []
      : [
          {
            what: `${rows(ids)} an id that an account here has, from another source`,
            how: idPrefix === '' ? '--id-prefix old- puts a text before every old id' : 'choose another --id-prefix',
          },
        ]),
    ...(unsaid === 0
      ? []
      : [
          {
            what: `${grouped(unsaid)} users: the export does not say whether their address is verified`,
            how: '--verified all if the old system sent mails to confirm addresses, --verified none if not',
          },
        ]),
  ]
}

const rows = (count: number) => (count === 1 ? '1 row has' : `${grouped(count)} rows have`)
