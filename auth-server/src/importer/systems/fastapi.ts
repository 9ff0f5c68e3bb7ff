import type { Row } from '../system.ts'
import { tableSystem } from './table-system.ts'
import { listOf, textOf } from './values.ts'

const MARKS = ['hashedpassword', 'isactive', 'issuperuser']

/** An OAuth-only user has the hash of a random password there. One whose provider has another address had one before. */
const isMadeByProvider = (email: string | null, accounts: readonly Row[]) =>
  email !== null && accounts.some((row) => (textOf(row.account_email) ?? '').toLowerCase() === email.toLowerCase())

/** Beanie keeps users in MongoDB, with their accounts. */
const accountsIn = (row: Row) => listOf(row.oauth_accounts)

export const fastapiUsers = tableSystem({
  name: 'fastapi-users',
  title: 'FastAPI Users',
  maker: 'any',
  marks: MARKS,
  embedded: accountsIn,
  refine: (user, row, { accounts = [] }) => {
    if (user.password.kind !== 'hash' || !isMadeByProvider(user.email, [...accounts, ...accountsIn(row)])) return user
    return { ...user, password: { kind: 'none' }, remarks: [...user.remarks, 'random-password'] }
  },
})

export const fastapiTemplate = tableSystem({
  name: 'full-stack-fastapi-template',
  aliases: ['fastapi-template'],
  title: 'the full-stack FastAPI template',
  maker: 'any',
  marks: MARKS,
})
