import { expect, test } from 'vitest'
import { isAdminRole } from './values.ts'

test.each([
  'admin',
  'user, ADMIN',
  '{user,admin}',
  '{"user","admin"}',
  '["user", "admin"]',
  '{"admin": true}',
  '{"admin": 1}',
  '{"roles": ["admin"]}',
  '"admin"=>"1"',
  ['user', 'admin'],
  { admin: true },
  true,
])('%j is an administrator', (value) => {
  expect(isAdminRole(value)).toBe(true)
})

test.each([
  'user',
  'not-admin',
  '{"admin": false}',
  '{"admin": "no", "editor": true}',
  '{"admin": null}',
  '{"roles": {"admin": false}}',
  "{'admin': False}",
  '"admin"=>"0"',
  'admin: false',
  '{"note": "admin"}',
  { admin: false },
  1,
  '1',
  null,
])('%j is none', (value) => {
  expect(isAdminRole(value)).toBe(false)
})
