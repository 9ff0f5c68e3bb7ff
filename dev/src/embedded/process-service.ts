import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { CannotContinue } from '../errors.ts'
import { isAnswering, waitUntilAnswering } from '../processes/answering.ts'
import { endBackground, findBackground, startInBackground } from '../processes/background.ts'
import { signalGroup } from '../processes/group.ts'
import { tail } from '../terminal/tail.ts'
import { refuseTakenPorts } from './ports.ts'
import type { Service } from './service.ts'

const startDeadlineMs = 30_000

export const ProcessSpec = z.object({
  name: z.enum(['mail', 'auth-server', 'backend', 'frontend']),
  command: z.array(z.string()),
  cwd: z.string(),
  env: z.record(z.string(), z.string()),
  ports: z.array(z.object({ variable: z.string(), port: z.number() })),
  /** Answers 2xx once the service can do its work. */
  ready: z.string(),
  /** Changes when the process would have to be started anew: its code, its command or its settings are others. */
  fingerprint: z.string(),
})
export type ProcessSpec = z.infer<typeof ProcessSpec>

export function processService(spec: ProcessSpec, folder: string): Service & { runsAsSpecified(): boolean } {
  const logFile = join(folder, 'logs', `${spec.name}.log`)
  const pidFile = join(folder, 'pids', `${spec.name}.json`)
  const found = () => findBackground(pidFile)

  async function start(signal: AbortSignal) {
    await refuseTakenPorts(spec.name, spec.ports)
    const logStart = existsSync(logFile) ? statSync(logFile).size : 0
    startInBackground(spec, { pidFile, log: logFile }, spec.fingerprint)
    const isAlive = () => found() !== undefined
    const outcome = await waitUntilAnswering({ url: spec.ready, deadlineMs: startDeadlineMs, isAlive, signal })
    if (outcome === 'answering') return
    const reason = outcome === 'ended' ? 'it ended' : `no answer from ${spec.ready} within ${startDeadlineMs / 1000} s`
    const lines = tail(logFile, 15, logStart).map((line) => `    ${line}`)
    const said = lines.length > 0 ? `It said:\n\n${lines.join('\n')}` : 'It said nothing.'
    throw new CannotContinue(`${spec.name} did not start: ${reason}. ${said}\n\nIts whole log: ${logFile}`)
  }

  return {
    name: spec.name,
    logFile,
    ports: spec.ports,
    pid: () => found()?.pid,
    runsAsSpecified: () => found()?.fingerprint === spec.fingerprint,
    start,
    stop: () => endBackground(pidFile),
    send: (signal) => {
      const process = found()
      if (process) signalGroup(process.pid, signal)
    },
    isAnswering: () => isAnswering(spec.ready),
  }
}
