import { freePort } from '../../dev/src/processes/ports.ts'
import type { Bench } from '../bench.ts'
import { padded } from '../load/request.ts'
import type { Subject } from '../measurements/in-turn.ts'
import { type Child, start } from '../processes/child.ts'
import { benchPython, servicesFolder } from '../processes/python.ts'
import type { Contender } from './contenders.ts'

type Running = { port: number; pid: number; request: Buffer; stop(): Promise<void> }

const IN_FLIGHT = 16
/** Longer than any contender's request without padding. */
const REQUEST_BYTES = 600

/** One process of uvicorn for each contender, all of them on the measured core, where only one is busy at a time. */
export async function startAll<Name extends string>(
  bench: Bench,
  contenders: Record<Name, Contender>,
): Promise<Record<Name, Running>> {
  const running: Record<string, Running> = {}
  // One after the other: two of them create the same tables at start-up.
  for (const [name, contender] of Object.entries<Contender>(contenders))
    running[name] = await startOne(bench, contender)
  return running as Record<Name, Running>
}

export async function stopAll(running: Record<string, Running>): Promise<void> {
  await Promise.all(Object.values(running).map((one) => one.stop()))
}

/** Groups: the service, the auth server, PostgreSQL. */
export function subjectOf({ authServer, database }: Bench) {
  return ({ pid, port, request }: Running): Subject => ({
    target: { port, next: () => request, connections: IN_FLIGHT },
    groups: [() => [pid], authServer, database.processes],
  })
}

async function startOne(bench: Bench, contender: Contender): Promise<Running> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = await startService(bench, contender, port)
  const request = padded({ path: '/reports', headers: await contender.credential(url) }, REQUEST_BYTES)
  return { port, request, ...child }
}

function startService({ cores }: Bench, { module, env }: Contender, port: number): Promise<Child> {
  const uvicorn = [benchPython, '-m', 'uvicorn', `${module}:app`, '--port', String(port)]
  const settings = ['--loop', 'uvloop', '--http', 'httptools', '--no-access-log', '--log-level', 'warning']
  return start({
    command: [...uvicorn, ...settings],
    cwd: servicesFolder,
    env,
    cores: cores.measured,
    ready: `http://127.0.0.1:${port}/openapi.json`,
  })
}
