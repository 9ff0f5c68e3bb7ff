import { expect, test } from 'vitest'
import { clientOf, reasonFrom, refusing, responding } from '../../../test/service.ts'
import { fetchDevices, signOutDevice, signOutOtherDevices } from './calls.ts'

const device = {
  ...{ id: 'd1', isCurrent: true, isImpersonation: false, kind: 'phone', browser: 'Safari', system: 'iOS' },
  ...{ ipAddress: null, createdAt: '2026-01-31T12:00:00.000Z', lastUsedAt: '2026-02-01T12:00:00.000Z' },
}

test('a device is read', async () => {
  const body = { devices: [{ ...device, expiresAt: '2026-02-07T12:00:00.000Z' }], total: 7 }
  const auth = await clientOf(responding(200, {}, JSON.stringify(body)))

  expect(await fetchDevices(auth)).toEqual({
    devices: [
      {
        ...device,
        createdAt: new Date('2026-01-31T12:00:00.000Z'),
        lastUsedAt: new Date('2026-02-01T12:00:00.000Z'),
      },
    ],
    total: 7,
  })
})

test.each([{}, { devices: [] }, { devices: [{}], total: 1 }, { devices: [device], total: '1' }])(
  'another body is "unavailable": %j',
  async (body) => {
    const auth = await clientOf(responding(200, {}, JSON.stringify(body)))

    expect((await reasonFrom(fetchDevices(auth))).kind).toBe('unavailable')
  },
)

test('a device is signed out by its id, which is encoded', async () => {
  const requests: string[] = []
  const auth = await clientOf((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    response.end('{}')
  })

  await signOutDevice(auth, '../session')
  await signOutOtherDevices(auth)

  expect(requests).toEqual(['DELETE /api/auth/devices/..%2Fsession', 'POST /api/auth/devices/revoke-others'])
})

test('a device that is not signed in any more is signed out', async () => {
  await signOutDevice(await clientOf(refusing(404, 'SESSION_NOT_FOUND')), 'd1')
})

test.each([403, 503])('a %i is no success', async (status) => {
  const auth = await clientOf(refusing(status, 'SOMETHING_ELSE'))

  await expect(signOutDevice(auth, 'd1')).rejects.toThrow()
})
