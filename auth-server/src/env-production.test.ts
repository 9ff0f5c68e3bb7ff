import { expect, test } from 'vitest'
import { readContract } from '../test/contract.ts'
import { productionErrors } from './env-production.ts'

type Examples = { refused: Record<'short' | 'phrase' | 'regular', string[]>; accepted: string[] }
const { refused, accepted } = readContract<Examples>('weak-secrets')

const RULES = { short: 'is too short', phrase: 'looks like a default or a phrase', regular: 'is too regular' }
const NAMES = ['BETTER_AUTH_SECRET', 'INTERNAL_TOKEN']

const errorsOf = (name: string, secret: string) =>
  productionErrors({ PUBLIC_URL: 'https://app.acme.org', [name]: secret })

const examples = Object.entries(RULES).flatMap(([kind, rule]) =>
  refused[kind as keyof typeof RULES].map((secret) => [secret, rule] as const),
)

test.each(examples)('production refuses the secret %s: it %s', (secret, rule) => {
  for (const name of NAMES) expect(errorsOf(name, secret)).toEqual([expect.stringContaining(`${name} ${rule}`)])
})

test.each(accepted)('production accepts the secret %s', (secret) => {
  for (const name of NAMES) expect(errorsOf(name, secret)).toEqual([])
})
