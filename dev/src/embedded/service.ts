import type { ServiceName } from '../stack.ts'

export type Port = { variable: string; port: number }

/** One service of the embedded stack, whatever it is made of. */
export type Service = {
  name: ServiceName
  logFile: string
  ports: Port[]
  pid(): number | undefined
  /** Returns once it answers. */
  start(signal: AbortSignal): Promise<void>
  /** Gently, then hard. False if there was nothing to stop. */
  stop(): Promise<boolean>
  /** To each of its processes. */
  send(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void
  isAnswering(): Promise<boolean>
}
