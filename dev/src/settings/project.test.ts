import { expect, test } from 'vitest'
import type { Variables } from './env-file.ts'
import { missingProject, projectOf } from './project.ts'
import { readSettings } from './settings.ts'

test('a clone has a project of its own, named after its folder', () => {
  expect(projectOf('/srv/ada/auth-sidecar')).toMatch(/^auth-sidecar-[0-9a-f]{8}$/)
  expect(projectOf('/srv/ada/auth-sidecar')).toBe(projectOf('/srv/ada/auth-sidecar'))
  expect(projectOf('/srv/ada/second/auth-sidecar')).not.toBe(projectOf('/srv/ada/auth-sidecar'))
})

test.each(['/srv/Änderungen (2)', '/srv/_x_', '/', '/srv/日本'])('%s makes a name that Compose accepts', (folder) => {
  expect(projectOf(folder)).toMatch(/^[a-z0-9][a-z0-9_-]*[a-z0-9]$/)
})

test('a name that is set is the name', () => {
  expect(readSettings({ COMPOSE_PROJECT_NAME: 'mine_2' }).project).toBe('mine_2')
  expect(readSettings({ COMPOSE_PROJECT_NAME: '' }).project).toMatch(/-[0-9a-f]{8}$/)
})

test.each(['Mine', '-x', 'a b', 'a/b'])('%s is no name, and is refused', (name) => {
  expect(() => readSettings({ COMPOSE_PROJECT_NAME: name })).toThrow('COMPOSE_PROJECT_NAME must be')
})

test('a .env of an earlier version keeps its containers and data', () => {
  expect(missingProject({ POSTGRES_PASSWORD: 'x', MODE: 'auto' })).toEqual({ COMPOSE_PROJECT_NAME: 'auth-sidecar' })
})

test.each<[string, Variables]>([
  ['written by hand', { FRONTEND_PORT: '3100' }],
  ['copied from an earlier example', { POSTGRES_PASSWORD: '' }],
])('a .env that is %s does not become an earlier one when it gets its secrets', (_what, file) => {
  const added = missingProject(file)

  expect(added).toEqual({ COMPOSE_PROJECT_NAME: '' })
  expect(missingProject({ ...file, ...added, POSTGRES_PASSWORD: 'x' })).toEqual({})
})

test('a name that is set stays', () => {
  expect(missingProject({ POSTGRES_PASSWORD: 'x', COMPOSE_PROJECT_NAME: 'mine' })).toEqual({})
})
