import type { Account } from '../postgres/account.ts'
import { serviceNames } from '../stack.ts'
import { postgresService } from './postgres-service.ts'
import { processService } from './process-service.ts'
import { readRecord } from './record.ts'
import type { Service } from './service.ts'

/** The services as they were last started, in the order in which they start. */
export function recordedServices(folder: string, account: Account): Service[] {
  const record = readRecord(folder)
  if (!record) return []
  const services: Service[] = record.processes.map((spec) => processService(spec, folder))
  if (record.postgres) {
    const { port, settings } = record.postgres
    services.push(postgresService({ folder, account, settings, ...(port !== undefined && { port }) }))
  }
  return services.sort((a, b) => serviceNames.indexOf(a.name) - serviceNames.indexOf(b.name))
}
