import { Worker } from 'node:worker_threads'
import type { Loop } from './compute.ts'

/** The bundle has it beside this file. From its sources a thread has to be told of TypeScript first. */
function startWorker(): Worker {
  if (import.meta.url.endsWith('.js')) return new Worker(new URL('./loops-worker.js', import.meta.url))
  const program = JSON.stringify(new URL('./worker.ts', import.meta.url).href)
  const script = `import('tsx/esm/api').then(({ register }) => (register(), import(${program})))`
  return new Worker(script, { eval: true })
}

type Waiting = { resolve: (text: string) => void; reject: (error: Error) => void }

/**
 * One thread beside the event loop, where one loop runs after the other. It starts when the first is needed, and does not
 * keep the process from ending.
 */
class LoopThread {
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | undefined
  #last = 0

  run(password: Buffer, loop: Loop): Promise<string> {
    const worker = this.#worker ?? this.#start()
    this.#last += 1
    const id = this.#last
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      worker.ref()
      worker.postMessage({ id, password, loop })
    })
  }

  #start(): Worker {
    const worker = startWorker()
    this.#worker = worker
    worker.on('message', ({ id, text }: { id: number; text: string }) => {
      this.#waiting.get(id)?.resolve(text)
      this.#waiting.delete(id)
      if (this.#waiting.size === 0) worker.unref()
    })
    worker.on('error', (error) => this.#fail(error))
    worker.on('exit', () => this.#fail(new Error('the thread that computes old password hashes has ended')))
    return worker
  }

  /** The next one gets a new thread. */
  #fail(error: Error): void {
    this.#worker = undefined
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }
}

const thread = new LoopThread()

export function computeInThread(password: Buffer, loop: Loop): Promise<string> {
  return thread.run(password, loop)
}
