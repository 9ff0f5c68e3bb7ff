import { isIP } from 'node:net'
import { normalizeIP } from '@better-auth/core/utils/ip'
import { accountKey } from '../../auth/account-limit.ts'
import { takeAllAddresses } from '../../auth/addresses.ts'
import { KnownDevices } from '../../auth/known-devices.ts'
import { lockOf } from '../../auth/second-factor/app.ts'
import { isEmail } from '../../auth/user-rules.ts'
import { tableName } from '../../database/names.ts'
import type { Env } from '../../env.ts'
import { type Found, shell, sql } from '../finding.ts'
import type { Query } from '../reader.ts'
import type { TryId } from './kinds.ts'
import { countDeleted, countsOf, findAlike, findFormer, findUser, type Known, knownOf } from './look-up.ts'
import { comparePassword } from './password.ts'
import { blocked, comparedOf, forget, rulesOf } from './rules.ts'

export type Asked = { email: string; password: string | undefined; from: string | undefined }
type TryFound = Found<TryId>

const PATH = '/sign-in/email'

/** Which rules keep somebody out who signs in with this address. Changes nothing, and shows no hash. */
export async function trySignIn(query: Query, env: Env, asked: Asked): Promise<TryFound[]> {
  const email = asked.email.trim().toLowerCase()
  takeAllAddresses()
  if (!isEmail(email)) return [{ id: 'try-no-address', what: 'This is no e-mail address.', fix: [] }]
  const user = await findUser(query, env, email)
  const keys = keysOf(env, email, asked.from)
  const counts = await countsOf(query, env, [...Object.values(keys), ...(user ? [lockOf(user.id)] : [])])
  const refused = refusals(env, keys, asked, counts)
  if (user === undefined) return [...(await nobody(query, env, email)), ...refused]
  const known = await knownOf(query, env, user)
  return [...refused, ...(await compared(env, known, asked.password)), ...(await rulesOf(env, known, counts))]
}

type Keys = { account: string; network?: string }

function keysOf(env: Env, email: string, from: string | undefined): Keys {
  const account = accountKey(new KnownDevices(env), email)
  return from === undefined || isIP(from) === 0 ? { account } : { account, network: `${normalizeIP(from)}|${PATH}` }
}

type Counts = Parameters<typeof blocked>[0]

function refusals(env: Env, { account, network }: Keys, { from }: Asked, counts: Counts): TryFound[] {
  const guesses = blocked(counts, account, env.RATE_LIMIT_ACCOUNT)
  const requests = network === undefined ? undefined : blocked(counts, network, env.RATE_LIMIT_SIGN_IN)
  return [
    ...(guesses === undefined
      ? []
      : [
          {
            id: 'try-guesses' as const,
            what: `${env.RATE_LIMIT_ACCOUNT.max} wrong passwords (RATE_LIMIT_ACCOUNT): refused for ${guesses} s more.`,
            fix: [forget(env, account)],
          },
        ]),
    ...(requests === undefined || network === undefined
      ? []
      : [
          {
            id: 'try-network-address' as const,
            what: `Too many sign-ins from ${from} (RATE_LIMIT_SIGN_IN): refused for ${requests} s more.`,
            fix: [forget(env, network)],
          },
        ]),
  ]
}

async function nobody(query: Query, env: Env, email: string): Promise<TryFound[]> {
  const closed: TryFound[] =
    env.SIGN_UP === 'closed'
      ? [
          {
            id: 'try-sign-up-closed',
            what: 'SIGN_UP is closed.',
            fix: [shell('export SIGN_UP=open', { note: 'or an administrator creates the user' })],
          },
        ]
      : []
  const alike = await findAlike(query, env, email)
  if (alike.length > 0) {
    const table = tableName(env, 'user')
    const ids = alike.map(({ id }) => `'${id.replaceAll("'", "''")}'`).join(', ')
    const fix = [
      sql(
        `UPDATE ${table} SET "email" = lower(regexp_replace("email", '[[:space:]]', '', 'g')) WHERE "id"::text IN (${ids})`,
      ),
    ]
    return [
      { id: 'try-other-case', what: `The address of user ${alike[0]?.id} is stored with capitals or blanks.`, fix },
    ]
  }
  const former = await findFormer(query, env, email)
  if (former !== undefined) {
    const day = former.at.toISOString().slice(0, 10)
    if (former.exists)
      return [
        {
          id: 'try-address-changed',
          what: `User ${former.userId} had this address until ${day}, and has another one now.`,
          fix: [],
        },
      ]
    return [
      { id: 'try-deleted', what: `User ${former.userId}, who had this address, was deleted.`, fix: [] },
      ...closed,
    ]
  }
  const deleted = await countDeleted(query, env)
  const more =
    deleted > 0
      ? ` (${deleted} accounts were deleted in the last ${env.AUDIT_DAYS} days; whose they were is not kept)`
      : ''
  return [{ id: 'try-no-account', what: `Nobody has this address${more}.`, fix: [] }, ...closed]
}

async function compared(env: Env, known: Known, password: string | undefined): Promise<TryFound[]> {
  const hash = comparedOf(known)
  if (password === undefined || hash === undefined) return []
  const { isRight, format, hint } = await comparePassword(hash, password, env.legacyKeys)
  if (isRight) return [{ id: 'try-password-right', what: `The password is right. It is stored as ${format}.`, fix: [] }]
  return [
    {
      id: 'try-password-wrong',
      what: [`The password is wrong. What is stored is ${format}.`, hint].filter(Boolean).join(' '),
      fix: [],
    },
  ]
}
