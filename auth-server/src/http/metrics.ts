import { Counter, Histogram, type Registry } from 'prom-client'

type Finished = { method: string; route: string; status: number; seconds: number }
export type CountRequest = (finished: Finished) => void

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/**
 * Counts requests of every port. `route` must be a pattern, never a path: callers choose paths, and each new label
 * value is a time series that is kept for ever.
 */
export function createRequestMetrics(registry: Registry): (port: 'public' | 'internal') => CountRequest {
  const labelNames = ['port', 'method', 'route'] as const
  const requests = new Counter({
    name: 'http_requests_total',
    help: 'HTTP requests with a response.',
    labelNames: [...labelNames, 'status'],
    registers: [registry],
  })
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time until the response was ready.',
    labelNames,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  })
  return (port) => (finished) => {
    const method = METHODS.has(finished.method) ? finished.method : 'OTHER'
    const labels = { port, method, route: finished.route }
    requests.inc({ ...labels, status: finished.status })
    durations.observe(labels, finished.seconds)
  }
}
