import type { Progress } from '../stack.ts'
import { mustCompose, type Project } from './compose.ts'
import { isWell } from './status.ts'

/** Only makes images: containers keep theirs. */
export async function build(project: Project, progress: Progress, signal: AbortSignal): Promise<void> {
  const wasWell = await isWell(project)
  const begin = Date.now()
  if (!wasWell) progress.note('building the images: minutes the first time, seconds later')
  await mustCompose(project, ['build', '--quiet'], { signal })
  if (!wasWell) progress.done('images', 'built', Date.now() - begin)
}
