import { execFile } from 'node:child_process'
import { getPriority } from 'node:os'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import type { Thread } from '../../test/hashing-threads.ts'

const POOL_SIZE = 5

test.runIf(process.platform === 'linux')(
  'a password is hashed at a lower priority than requests are handled',
  async () => {
    const { pid, threads } = await hashInItsOwnProcess()

    const inherited = getPriority()
    const lowered = threads.filter(({ niceness }) => niceness > inherited)
    expect(threads.find(({ id }) => id === pid)?.niceness).toBe(inherited)
    expect(lowered).toHaveLength(POOL_SIZE)
    const [all, low] = [threads, lowered].map((some) => some.reduce((sum, { cpuMs }) => sum + cpuMs, 0))
    expect((low ?? 0) / (all ?? 0)).toBeGreaterThan(0.5)
  },
)

/** Bundled as the server is: Node loads CommonJS without libuv's threads, ES modules with them. */
async function hashInItsOwnProcess(): Promise<{ pid: string; threads: Thread[] }> {
  const folder = fileURLToPath(new URL('../../', import.meta.url))
  const { outputFiles } = await build({
    entryPoints: [`${folder}test/hashing-threads.ts`],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    external: ['@node-rs/argon2', '@node-rs/bcrypt'],
  })
  const env = { PATH: process.env.PATH, UV_THREADPOOL_SIZE: String(POOL_SIZE) }
  const running = promisify(execFile)(process.execPath, ['-'], { cwd: folder, env })
  running.child.stdin?.end(outputFiles[0]?.text)
  const { stdout } = await running
  return JSON.parse(stdout) as { pid: string; threads: Thread[] }
}
