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
  attached: ({ name, columns }) => {
    if (!['user_id', 'meta_key', 'meta_value'].every((column) => columns.includes(column))) return null
    const wanted = capabilitiesKey(name)
    const isWanted = (row: Row) => wanted.test(textOf(row.meta_key) ?? '')
    return { kind: 'capabilities', userId: (row) => (isWanted(row) ? keyOf(row.user_id) : null) }
  },
  refine: (user, row, { capabilities = [] }): SourceUser => ({
    ...user,
    isAdmin: capabilities.some((meta) => ADMINISTRATOR.test(textOf(meta.meta_value) ?? '')),
    // Of a network of sites; user_status means nothing to WordPress itself.
    skip: truthOf(row.deleted) === true ? 'deleted' : null,
  }),
})

/** Of the main site: whoever has a site of their own in a network (`wp_2_capabilities`) is an administrator of that alone. */
function capabilitiesKey(table: string): RegExp {
  const prefix = /^(\w+)usermeta$/i.exec(table)?.[1]
  return prefix === undefined ? /^(?!.*_\d+_).*capabilities$/i : new RegExp(`^${prefix}capabilities$`, 'i')
}
