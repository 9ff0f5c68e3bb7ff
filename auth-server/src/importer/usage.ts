import type { System } from './system.ts'

/** What --help prints. */
export function usage(systems: readonly System[]): string {
  const width = Math.max(0, ...systems.map(({ name }) => name.length)) + 2
  const list = systems.map(({ name, title, exports }) => `  ${name.padEnd(width)}${title}: ${exports}`)
  return `Brings the users of another system here, with their ids and passwords.

  import --from SYSTEM FILE…|URL          a dry run: says what would happen
  import --from SYSTEM FILE…|URL --apply  does it; again after an interruption, or with a newer export
  import --runs                           what was imported so far
  import --undo RUN                       deletes the users of a run who have never been here

Decisions
  --duplicates stop|skip|newest  rows with one e-mail address: stop (the default), leave all out, or take the newest
  --link                         make one user of sign-ins that share one verified address
  --verified all|none            are addresses verified, where the export does not say
  --admins                       administrators there are administrators here
  --allow-weak                   take salted hashes that are guessed in no time (md5-crypt) as they are
  --id-prefix PREFIX             before every old id, where two systems count from 1
  --source NAME                  the name under which ids are remembered; the system's by default
  --yes                          do not ask before writing

Where things are
  --table NAME                   the users' table, where it is not found
  --passwords FILE               the second file of Auth0
  --hash-config FILE             the hash parameters of Firebase
  --mapping FILE                 which column is what, for csv
  --legacy-key 1|2|3|4           which LEGACY_KEY_n is the pepper, HMAC salt or signer key
  --report FILE                  one line for each row: .jsonl, or .csv

Systems
${list.join('\n')}

All of it: docs/moving-in.md
`
}
