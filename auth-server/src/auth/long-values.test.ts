import { expect, test } from 'vitest'
import { createLog } from '../log.ts'
import { authLogger } from './logger.ts'
import { Observation } from './observation.ts'
import { checkUser } from './user-rules.ts'

/** In quadratic time each would take longer than a test may. */
const LONG = 'a'.repeat(150_000)

test('a name as long as can be is refused without being searched', async () => {
  for (const name of [`${LONG}\n`, ' '.repeat(LONG.length), LONG]) {
    await expect(checkUser({ name })).rejects.toThrow('A name may have at most 255 characters.')
  }
})

test('a name of 255 characters is accepted', async () => {
  await expect(checkUser({ name: 'a'.repeat(255) })).resolves.toBeUndefined()
})

test('a message as long as can be is logged in part, without the addresses in it', () => {
  const lines: string[] = []
  const log = createLog({ LOG_LEVEL: 'debug' }, { write: (line) => void lines.push(line) })
  authLogger(log, new Observation()).log?.('error', `Invalid: someone@example.com ${LONG}`)
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain('Invalid: [address] aaa')
  expect(lines[0]?.length).toBeLessThan(1000)
})
