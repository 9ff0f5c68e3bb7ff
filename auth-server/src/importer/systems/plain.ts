import { tableSystem } from './table-system.ts'

export const plainBcrypt = tableSystem({
  name: 'plain-bcrypt',
  aliases: ['bcrypt'],
  title: 'an app with bcrypt',
  maker: 'any',
})

/** passlib reads `sha1$salt$hex` as Django's. */
export const passlib = tableSystem({ name: 'passlib', title: 'an app with passlib', maker: 'django' })

export const werkzeug = tableSystem({
  name: 'flask-werkzeug',
  aliases: ['flask', 'werkzeug'],
  title: 'Flask with Werkzeug’s hashes',
  maker: 'werkzeug',
})

export const laravel = tableSystem({
  name: 'laravel',
  title: 'Laravel',
  exports: 'mysqldump, pg_dump, CSV, or postgres://…',
  maker: 'any',
  // As the documentation of its Socialite has them.
  hasProviderColumns: true,
  preferred: { verified: ['emailverifiedat'], secondFactor: ['twofactorsecret'] },
})

/** Any table: the columns that a mapping names, and else those with usual names. */
export const csv = tableSystem({
  name: 'csv',
  aliases: ['table'],
  title: 'any table of users',
  exports: 'CSV, or any other export; which column is what: --mapping',
  maker: 'any',
  needs: [],
})
