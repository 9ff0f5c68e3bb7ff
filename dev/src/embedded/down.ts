import type { Progress } from '../stack.ts'
import type { Service } from './service.ts'

/** Stops the services, the last started first. Those that nobody depends on go together. */
export async function stopServices(services: Service[], progress: Progress): Promise<number> {
  const isFirst = (service: Service) => service.name === 'postgres'
  const stop = async (service: Service) => {
    const begin = Date.now()
    const wasThere = await service.stop()
    if (wasThere) progress.done(service.name, 'stopped', Date.now() - begin)
    return wasThere
  }
  // Reverse order of start; the services are asked together since each only finishes what it has in hand.
  const users = await Promise.all(
    services
      .filter((service) => !isFirst(service))
      .reverse()
      .map(stop),
  )
  const database = await Promise.all(services.filter(isFirst).map(stop))
  return [...users, ...database].filter(Boolean).length
}
