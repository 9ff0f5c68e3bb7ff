import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { isReady } from '../../dev/src/processes/ready.ts'
import type { Bench } from '../bench.ts'
import { ourProgram } from '../processes/auth-servers.ts'
import { launch, stop } from '../processes/child.ts'
import { type Spread, spread } from '../statistics.ts'

export type Starts = { times: number; readySeconds: Spread; residentMegabytes: Spread }

/** From the start of the process to its first 200 at /health/ready, and its memory at that moment. */
export async function measureStarts(bench: Bench, times: number): Promise<Starts> {
  const found: { seconds: number; megabytes: number }[] = []
  for (let index = 0; index < times; index++) found.push(await measureStart(bench))
  return {
    times,
    readySeconds: spread(found.map(({ seconds }) => seconds)),
    residentMegabytes: spread(found.map(({ megabytes }) => megabytes)),
  }
}

async function measureStart(bench: Bench) {
  const { program } = await ourProgram(bench)
  const begin = performance.now()
  const child = launch(program)
  while (!(await isReady(program.ready))) {
    if (child.exitCode !== null) throw new Error('The auth server ended at its start')
    await sleep(5)
  }
  const seconds = (performance.now() - begin) / 1000
  const megabytes = residentMegabytes(child.pid ?? 0)
  await stop(child)
  return { seconds, megabytes }
}

function residentMegabytes(pid: number): number {
  const [, kibibytes] = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return (Number(kibibytes) * 1024) / 1e6
}
