import { fileURLToPath } from 'node:url'
import { repository } from '../../dev/src/paths.ts'
import { freePort } from '../../dev/src/processes/ports.ts'
import { nodeWithTypeScript } from '../../dev/src/programs.ts'
import type { Bench } from '../bench.ts'
import { request } from '../load/request.ts'
import { start } from '../processes/child.ts'
import { countFor, measureSlice } from './slice.ts'

const program = fileURLToPath(new URL('../load/trivial-server.ts', import.meta.url))

/** Requests per second that the load generator reaches against a server that does nothing. */
export async function measureLoadLimit(bench: Bench): Promise<number> {
  const port = await freePort()
  const server = await start({
    command: [...nodeWithTypeScript, program, String(port)],
    cwd: repository,
    env: {},
    cores: bench.cores.measured,
    ready: `http://127.0.0.1:${port}/`,
  })
  const bytes = request({ path: '/' })
  const target = { port, next: () => bytes, connections: 16 }
  const { perSecond } = await measureSlice(bench, target, [], await countFor(target, 1, 1))
  await server.stop()
  return perSecond
}
