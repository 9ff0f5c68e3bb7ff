import type { LegacyKeys } from '../../passwords/formats/keyed.ts'
import { createVerifyPassword } from '../../passwords/hash.ts'
import { MAX_COMPARED } from '../../passwords/rules.ts'

export type Compared = { isRight: boolean; format: string; hint?: string }

/** As a sign-in compares it, by the same code; nothing is counted, written or logged. */
export async function comparePassword(hash: string, password: string, keys: LegacyKeys): Promise<Compared> {
  let format = 'unknown'
  const verify = createVerifyPassword({
    log: { warn: () => undefined },
    keys,
    runCostly: async (_cost, work) => work(),
    count: (found) => {
      format = found
    },
  })
  if ([...password].length > MAX_COMPARED) {
    return {
      isRight: false,
      format: 'not compared',
      hint: `It has more than ${MAX_COMPARED.toLocaleString('en')} characters, which sign-in refuses.`,
    }
  }
  if (await verify({ hash, password })) return { isRight: true, format }
  const trimmed = password.trim()
  const isNear = trimmed !== password && (await verify({ hash, password: trimmed }))
  return { isRight: false, format, ...(isNear && { hint: 'It is right without the blanks around it.' }) }
}
