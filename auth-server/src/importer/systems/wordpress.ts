import type { Row, SourceUser } from '../system.ts'
import { keyOf, tableSystem } from './table-system.ts'
import { textOf, truthOf } from './values.ts'

/** Roles are PHP's serialization: `a:1:{s:13:"administrator";b:1;}`, under the prefix of the site's tables. */
const ADMINISTRATOR = /"administrator";b:1/

export const wordpress = tableSystem({
  name: 'wordpress',
  title: 'WordPress',
  exports: 'mysqldump of users and usermeta, or CSV and TSV of users',
  maker: 'wordpress',
  marks: ['userpass', 'useremail'],
  preferred: {
    name: ['displayname'],
    createdAt: ['userregistered'],
    password: ['userpass'],
    admin: [],
    banned: ['spam'],
    status: [],
    verified: [],
    active: [],
  },
  attached: ({ columns }) =>
    ['user_id', 'meta_key', 'meta_value'].every((column) => columns.includes(column))
      ? { kind: 'capabilities', userId: (row) => (isCapabilities(row) ? keyOf(row.user_id) : null) }
      : null,
  refine: (user, row, { capabilities = [] }): SourceUser => ({
    ...user,
    isAdmin: capabilities.some((meta) => ADMINISTRATOR.test(textOf(meta.meta_value) ?? '')),
    // Of a network of sites; user_status means nothing to WordPress itself.
    skip: truthOf(row.deleted) === true ? 'deleted' : null,
  }),
})

const isCapabilities = (row: Row) => (textOf(row.meta_key) ?? '').endsWith('capabilities')
