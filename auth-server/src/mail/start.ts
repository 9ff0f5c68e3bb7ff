import type { Pool } from 'pg'
import type { Registry } from 'prom-client'
import type { Env } from '../env.ts'
import { type Log, outsideOfRequests } from '../log.ts'
import { createDeliver, type Spacing } from './deliver.ts'
import { kindOf } from './kinds.ts'
import { createMailMetrics } from './metrics.ts'
import { createOutbox } from './outbox.ts'
import { createSend } from './smtp.ts'
import { MailWorker } from './worker.ts'

type Parts = { env: Env; pool: Pool; log: Log; registry: Registry; spacing: Spacing }

/** Mails that were written are delivered from now on. `wake`: one was written. */
export type Delivery = { wake: () => void; stop: () => Promise<void> }

export function startDelivery({ env, pool, log, registry, spacing }: Parts): Delivery {
  const { SMTP_URL, MAIL_FROM } = env
  if (SMTP_URL === undefined || MAIL_FROM === undefined) {
    log.info('no mails are sent, and what needs them is off: SMTP_URL is not set')
    return { wake: () => undefined, stop: async () => undefined }
  }
  const outbox = createOutbox(pool, env, (kind) => kindOf(kind).link?.seconds ?? 0)
  const metrics = createMailMetrics(registry, outbox)
  const deliver = createDeliver({ env, pool, send: createSend({ SMTP_URL, MAIL_FROM }), outbox, spacing })
  const worker = new MailWorker({ outbox, deliver, metrics, log })
  return { wake: () => outsideOfRequests(() => worker.wake()), stop: () => worker.stop() }
}
