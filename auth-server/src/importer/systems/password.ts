import { recognise } from '../../passwords/recognise.ts'
import type { Maker } from '../../passwords/recognise-digest.ts'
import type { Reason } from '../reasons.ts'
import type { Settings, SourcePassword } from '../system.ts'
import { textOf } from './values.ts'

type Read = { password: SourcePassword; remarks: Reason[] }

const REASONS = { unknown: 'hash-unknown', cut: 'hash-cut', limits: 'hash-limits' } as const

/** What a column of hashes holds, in the importer's words. */
export function passwordOf(raw: unknown, maker: Maker, settings: Settings, isSalted = false): Read {
  const key = settings.legacyKey
  const given = key && { keyNumber: key.number, keys: new Map([[key.number, key.value]]) }
  const found = recognise(textOf(raw), { maker, isSalted, ...given })
  if (found.kind === 'none') return { password: found, remarks: [] }
  if (found.kind === 'refused') return { password: { kind: 'refused', reason: REASONS[found.why] }, remarks: [] }
  const { isRepaired, ...password } = found
  return { password, remarks: isRepaired ? ['hash-repaired'] : [] }
}
