import { useFeatures } from '../../services.ts'
import { PASSWORD_MIN } from './rules.ts'

/** Characters that a new password must have; until it is known what the auth server asks for, the default. */
export function usePasswordMin(): number {
  return useFeatures()?.passwordMinLength ?? PASSWORD_MIN
}
