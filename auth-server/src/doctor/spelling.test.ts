import { expect, test } from 'vitest'
import { nearest } from './spelling.ts'

const known = ['AUTH_PORT', 'BACKEND_PORT', 'LOG_LEVEL', 'MODE', 'SESSION_MAX_AGE']

test.each([
  ['the name', 'AUTH_PORT', 'AUTH_PORT'],
  ['another case, and no underscore', 'authport', 'AUTH_PORT'],
  ['a letter that is wrong', 'AUTH_PART', 'AUTH_PORT'],
  ['a letter that is missing', 'AUTH_PRT', 'AUTH_PORT'],
  ['a letter too many', 'AUTH_PORTS', 'AUTH_PORT'],
  ['two neighbours that are swapped', 'AUHT_PORT', 'AUTH_PORT'],
  ['two slips in a long name', 'SESION_MAX_AGES', 'SESSION_MAX_AGE'],
  ['two slips in a short name', 'AUHT_PROT', undefined],
  ['three slips', 'SESION_MX_AGES', undefined],
  ['too short to say', 'MDOE', undefined],
])('%s: %s is meant as %s', (_what, name, meant) => {
  expect(nearest(name, known)).toBe(meant)
})
