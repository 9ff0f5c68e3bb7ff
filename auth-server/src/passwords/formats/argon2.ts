import { verify } from '@node-rs/argon2'
import { ARGON2_LIMITS } from '../limits.ts'
import { MalformedHash, type StoredHash, utf8 } from './format.ts'

const PHC =
  /^\$argon2(?:id|i|d)(?:\$v=(?:16|19))?\$m=(\d{1,9}),t=(\d{1,9}),p=(\d{1,9})\$[A-Za-z0-9+/]{11,128}\$[A-Za-z0-9+/]{16,172}$/

/** 19 MiB in 2 passes, see hash.ts, take this long. */
const MS_FOR_KIB_AND_PASS = 9.5 / (19_456 * 2)

/** The PHC string of every argon2 library: pwdlib, passlib, PHP, Go. */
export function readArgon2(text: string): StoredHash | 'malformed' | 'beyond limits' {
  const [, memory = 0, passes = 0, lanes = 0] = PHC.exec(text)?.map(Number) ?? []
  if (memory === 0) return 'malformed'
  const { memoryKiB, passes: maxPasses, lanes: maxLanes, memoryTimesPasses } = ARGON2_LIMITS
  const isCostly = memory > memoryKiB || passes > maxPasses || lanes > maxLanes || memory * passes > memoryTimesPasses
  if (isCostly) return 'beyond limits'
  const costMs = memory * passes * MS_FOR_KIB_AND_PASS
  const check = (password: string) =>
    verify(text, utf8(password)).catch((cause: unknown) => {
      throw new MalformedHash('argon2 cannot be read', { cause })
    })
  return { format: 'argon2', costMs, verify: check }
}
