import { parentPort } from 'node:worker_threads'
import { compute, type Loop } from './compute.ts'

/** The program of the thread, see thread.ts. */
parentPort?.on('message', ({ id, password, loop }: { id: number; password: Uint8Array; loop: Loop }) => {
  parentPort?.postMessage({ id, text: compute(Buffer.from(password), loop) })
})
