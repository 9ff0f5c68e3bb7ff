import { Counter, Gauge, type Registry } from 'prom-client'
import type { MailKind } from './kinds.ts'
import type { Outbox } from './outbox.ts'

export type MailMetrics = { count(outcome: 'sent' | 'needless' | 'deferred' | 'failed', kind: MailKind): void }

/** The outbox is looked at when the metrics are asked for; a database that is unavailable leaves its numbers out. */
export function createMailMetrics(registry: Registry, outbox: Pick<Outbox, 'look'>): MailMetrics {
  const attempts = new Counter({
    name: 'mail_attempts_total',
    help: 'Attempts to send a mail, by kind and outcome: sent, needless (the account or the request is gone), deferred, failed for good.',
    labelNames: ['kind', 'outcome'],
    registers: [registry],
  })
  const oldest = new Gauge({
    name: 'mail_queue_oldest_seconds',
    help: 'How long the oldest mail that is not delivered has waited.',
    registers: [registry],
  })
  new Gauge({
    name: 'mail_queue_length',
    help: 'Mails that are not delivered yet, of all servers.',
    registers: [registry],
    async collect() {
      const found = await outbox.look().catch(() => undefined)
      this.set(found?.waiting ?? Number.NaN)
      oldest.set(found ? (found.oldestSeconds ?? 0) : Number.NaN)
    },
  })
  return { count: (outcome, kind) => attempts.inc({ outcome, kind }) }
}
