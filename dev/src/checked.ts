import type { Inspected } from './context.ts'
import { mergeFaults } from './settings/merge-faults.ts'
import { refuse } from './settings/settings.ts'
import type { Progress, Stack } from './stack.ts'

/** Before anything is touched. Throws with every fault that this program or a service finds in the settings. */
export async function refuseUnusable(
  stack: Stack,
  { settings, faults }: Inspected,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  refuse(mergeFaults([faults, await stack.check(settings, progress, signal)]))
}

export async function checkedUp(
  stack: Stack,
  inspected: Inspected,
  progress: Progress,
  signal: AbortSignal,
): Promise<number> {
  await refuseUnusable(stack, inspected, progress, signal)
  return stack.up(inspected.settings, progress, signal)
}
