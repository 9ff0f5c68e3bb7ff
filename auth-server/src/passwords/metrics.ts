import { Counter, type Registry } from 'prom-client'

/** Counts what passwords were compared with: how many users still have a hash of an older system. */
export function countPasswordChecks(registry: Registry): (format: string) => void {
  const checks = new Counter({
    name: 'password_checks_total',
    help: 'Passwords that were compared with a stored hash, by its format; or by what was found where none can be read.',
    labelNames: ['format'],
    registers: [registry],
  })
  return (format) => checks.inc({ format })
}
