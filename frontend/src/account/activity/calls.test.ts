import { expect, test } from 'vitest'
import { clientOf, reasonFrom, responding } from '../../../test/service.ts'
import { fetchActivity } from './calls.ts'

const event = {
  ...{ id: 'e1', type: 'session-revoked', createdAt: '2026-01-31T12:00:00.000Z', ipAddress: '203.0.113.7' },
  ...{ kind: 'computer', browser: 'Firefox', system: 'Linux', byAdministrator: false, isThisSession: true },
  details: { count: 1, device: { kind: 'phone', browser: 'Safari', system: 'iOS' } },
}

test('an event is read with what it is about', async () => {
  const auth = await clientOf(responding(200, {}, JSON.stringify({ events: [event], nextCursor: 'c' })))

  expect(await fetchActivity(auth, null)).toEqual({
    events: [
      {
        ...event,
        createdAt: new Date('2026-01-31T12:00:00.000Z'),
        ...{ details: undefined, count: 1, device: event.details.device, email: null, provider: null },
        ...{ isNewDevice: false, name: null, service: null },
      },
    ],
    nextCursor: 'c',
  })
})

test('an event of which little is known is read too', async () => {
  const little = { id: 'e1', type: 'x', createdAt: '2026-01-31T12:00:00.000Z', details: {} }
  const auth = await clientOf(responding(200, {}, JSON.stringify({ events: [little], nextCursor: null })))

  expect((await fetchActivity(auth, null)).events[0]).toMatchObject({ browser: null, ipAddress: null, count: 1 })
})

test('the cursor is encoded', async () => {
  const urls: (string | undefined)[] = []
  const auth = await clientOf((request, response) => {
    urls.push(request.url)
    response.end(JSON.stringify({ events: [], nextCursor: null }))
  })

  await fetchActivity(auth, 'a&b=c/?')

  expect(urls).toEqual(['/api/auth/activity?limit=10&cursor=a%26b%3Dc%2F%3F'])
})

test.each([
  {},
  { events: [{}] },
  { events: [{ ...event, details: null }] },
  { events: [{ ...event, createdAt: 'x' }] },
])('another body is "unavailable": %j', async (body) => {
  const auth = await clientOf(responding(200, {}, JSON.stringify(body)))

  expect((await reasonFrom(fetchActivity(auth, null))).kind).toBe('unavailable')
})
