import { listenerOf } from '../dev/src/processes/ports.ts'
import { readStack, type Stack } from './env.ts'
import { endChildrenAtExit } from './processes/child.ts'
import { type Cores, chooseCores, pin } from './processes/cores.ts'
import { type CpuMeter, type Group, startCpuMeter } from './processes/cpu-meter.ts'
import { type Database, openDatabase } from './processes/database.ts'

/** What every measurement needs. */
export type Bench = {
  stack: Stack
  cores: Cores
  meter: CpuMeter
  database: Database
  /** The stack's own auth server: the one that contenders call. */
  authServer: Group
  say(text: string): void
  /** Prints what is being measured now. */
  begin(what: string): void
  close(): void
}

/** Frees the measured core: this process with its load, the stack's auth server and PostgreSQL move to the others. */
export function openBench(): Bench {
  endChildrenAtExit()
  const stack = readStack()
  const cores = chooseCores()
  const database = openDatabase(stack.adminUrl)
  const authServer = processAt(stack.authUrl)
  for (const pid of [process.pid, authServer, ...database.processes()]) pin(pid, cores.others)
  const meter = startCpuMeter()
  const say = (text: string) => void process.stdout.write(`${text}\n`)
  const begunAt = performance.now()
  return {
    stack,
    cores,
    database,
    meter,
    authServer: () => [authServer],
    say,
    begin: (what) => say(`${((performance.now() - begunAt) / 1000).toFixed(0).padStart(5)} s  ${what}`),
    close: meter.stop,
  }
}

function processAt(url: string): number {
  const pid = listenerOf(Number(new URL(url).port))
  if (pid === undefined) throw new Error(`No process of ours listens at ${url}`)
  return pid
}
