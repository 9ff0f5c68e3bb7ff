import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { takeTurns } from './turns.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('requests begin a few at a time, in order, and other work has turns in between', async () => {
  const begun: string[] = []
  const mark = () => {
    begun.push('|')
    if (begun.length < 10) setImmediate(mark)
  }
  setImmediate(mark)
  const app = new Hono().use(takeTurns(2)).get('/:name', (c) => {
    begun.push(c.req.param('name'))
    return c.body(null, 204)
  })
  const responses = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => app.request(`/${name}`)))

  expect(begun.join('')).toMatch(/^ab\|cd\|e/)
  expect(responses.map(({ status }) => status)).toEqual(Array(5).fill(204))
})

test('whoever comes alone begins at once, time and again', async () => {
  const app = new Hono().use(takeTurns(1)).get('/', (c) => c.text('begun'))
  for (let time = 0; time < 3; time++) {
    expect(await (await app.request('/')).text()).toBe('begun')
    await turn()
  }
})
