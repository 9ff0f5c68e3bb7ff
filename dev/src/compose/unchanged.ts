import { z } from 'zod'
import { run } from '../processes/run.ts'
import { serviceNames } from '../stack.ts'
import { compose, type Project } from './compose.ts'
import { isWell } from './status.ts'

const Labels = z.record(z.string(), z.string())
const prefix = 'com.docker.compose'

/** Whether every service runs from the image and with the settings that `up` would give it now. */
export async function isUnchanged(project: Project): Promise<boolean> {
  if (!(await isWell(project))) return false
  const [hashes, ids] = await Promise.all([
    compose(project, ['config', '--hash', serviceNames.join(',')]),
    compose(project, ['ps', '--quiet', ...serviceNames]),
  ])
  const wanted = new Map(
    hashes.output
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/) as [string, string]),
  )
  const containers = ids.output.trim().split('\n')
  const states = await Promise.all(containers.map((id) => isCurrent(project, id, wanted)))
  return states.length === serviceNames.length && states.every(Boolean)
}

async function isCurrent({ env }: Project, container: string, wanted: Map<string, string>): Promise<boolean> {
  const inspect = (...args: string[]) => run(['docker', ...args], { env })
  const seen = await inspect(
    'container',
    'inspect',
    '-f',
    '{{.Image}} {{.Config.Image}} {{json .Config.Labels}}',
    container,
  )
  const [, image, tag = '', labels = '{}'] = /^(\S+) (\S+) (.*)$/.exec(seen.output.trim()) ?? []
  const { [`${prefix}.service`]: service = '', [`${prefix}.config-hash`]: hash } = Labels.parse(JSON.parse(labels))
  if (hash === undefined || hash !== wanted.get(service)) return false
  return (await inspect('image', 'inspect', '-f', '{{.Id}}', tag)).output.trim() === image
}
