import type { Subject } from '../finding.ts'
import { TRY } from './kinds.ts'
import { type Asked, trySignIn } from './try-sign-in.ts'

/** One check like any other: over a transaction that may only read. */
export function trySubject(asked: Asked): Subject {
  const checks: Subject['checks'] = [
    { name: 'rules', of: 'database', run: (reader, { env }) => reader.read((query) => trySignIn(query, env, asked)) },
  ]
  return { ...TRY, checks }
}
