import { expect, test } from 'vitest'
import { createBarrier } from './barrier.ts'

/** Queries that return, or fail, when told to. */
function createQuestions() {
  const responses: { yes: () => void; no: (error: Error) => void }[] = []
  const ask = () => new Promise<void>((yes, no) => void responses.push({ yes, no }))
  return { ask, responses }
}
const settle = () => new Promise((resolve) => setImmediate(resolve))

test('who comes while a question is under way waits for the next one, and all who wait share it', async () => {
  const { ask, responses } = createQuestions()
  const pass = createBarrier(ask)
  const passed: string[] = []
  const come = (name: string) => pass().then(() => passed.push(name))

  void come('first')
  void come('second')
  void come('third')
  expect(responses).toHaveLength(1)
  responses[0]?.yes()
  await settle()
  expect(passed).toEqual(['first'])
  expect(responses).toHaveLength(2)
  responses[1]?.yes()
  await settle()
  expect(passed).toEqual(['first', 'second', 'third'])

  void come('later')
  expect(responses).toHaveLength(3)
})

test('a question that failed fails those who asked it, and the next one is asked all the same', async () => {
  const { ask, responses } = createQuestions()
  const pass = createBarrier(ask)
  const first = pass()
  const second = pass()
  responses[0]?.no(new Error('unavailable'))
  await expect(first).rejects.toThrow('unavailable')
  await settle()
  responses[1]?.yes()
  await expect(second).resolves.toBeUndefined()
})
