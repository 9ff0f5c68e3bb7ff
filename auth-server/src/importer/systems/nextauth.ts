import { tableSystem } from './table-system.ts'

/** `emailVerified` is the time since when it is; passwords, if any, are in a column of the app's own. */
export const nextauth = tableSystem({
  name: 'nextauth',
  aliases: ['nextauth-prisma', 'authjs', 'auth.js', 'next-auth'],
  title: 'Auth.js (NextAuth)',
  maker: 'any',
  marks: ['emailverified'],
  needs: [],
  preferred: { verified: ['emailverified'] },
})
