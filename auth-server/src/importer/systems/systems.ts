import type { System } from '../system.ts'

/** Every system that users move in from, by the word after --from. */
export const SYSTEMS: readonly System[] = []
