import { join } from 'node:path'
import { expect, test } from 'vitest'
import { repository } from '../paths.ts'
import { readEnvFile } from '../settings/env-file.ts'
import type { ServiceName } from '../stack.ts'
import { serviceVariables } from './environment.ts'

const names = Object.keys(readEnvFile(join(repository, '.env.example')).values)
const every = Object.fromEntries(names.map((name) => [name, 'set']))
const isSecret = (name: string) => /_(SECRET|PASSWORD|TOKEN|KEYS|KEY_\d)$|DATABASE_(ADMIN_)?URL/.test(name)
const secretsOf = (service: ServiceName) => Object.keys(serviceVariables(service, every)).filter(isSecret)

test('a variable of .env.example that is named like a secret reaches only the services that read it', () => {
  expect(names.filter(isSecret).length).toBeGreaterThan(15)
  expect(secretsOf('frontend')).toEqual([])
  expect(secretsOf('backend').toSorted()).toEqual(['BACKEND_DATABASE_URL', 'INTERNAL_TOKEN'])
  expect(secretsOf('auth-server')).not.toContain('BACKEND_DATABASE_URL')
})

test('an empty variable is left out, as a missing one means the same', () => {
  expect(serviceVariables('backend', { LOG_LEVEL: '', INTERNAL_TOKEN: 'set' })).toEqual({ INTERNAL_TOKEN: 'set' })
})
