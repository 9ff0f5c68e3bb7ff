import { getCurrentAdapter, tryGetCurrentAuthEndpointContext } from '@better-auth/core/context'
import type { AuthContext } from 'better-auth'
import type { NewEvent } from '../audit/events.ts'
import type { Recorder } from './recorder.ts'

type Adapter = AuthContext['adapter']
type Row = { userId: string; name?: string | null }
type EventOf = (row: Row, data: object) => NewEvent | undefined

const path = () => tryGetCurrentAuthEndpointContext()?.path ?? ''

/** What it means that a row of a plugin's table is made, or changed; undefined: nothing that anybody has to know. */
const CREATED: Readonly<Record<string, EventOf>> = {
  passkey: ({ userId, name }) => ({ type: 'passkey-added', userId, details: { name: name ?? null } }),
  trustedDevice: ({ userId }) => ({ type: 'device-trusted', userId }),
}
const UPDATED: Readonly<Record<string, EventOf>> = {
  // Its counter and its last use change at every sign-in.
  passkey: ({ userId, name }, data) =>
    'name' in data ? { type: 'passkey-renamed', userId, details: { name: name ?? null } } : undefined,
  // Those of a new app are part of setting it up.
  twoFactor: ({ userId }) =>
    path() === '/two-factor/generate-backup-codes' ? { type: 'backup-codes-created', userId } : undefined,
}
/** In one statement that looks whether it may. */
const TAKEN: Readonly<Record<string, EventOf>> = {
  twoFactor: ({ userId }) => ({ type: 'backup-code-used', userId }),
}

/** Plugins write their tables past better-auth's methods for users and sessions. Replaces methods of the adapter. */
export function recordRows(adapter: Adapter, recorder: Recorder): void {
  const { create, update, incrementOne, deleteMany } = adapter

  const recorded = <Result>(
    eventOf: EventOf | undefined,
    data: object,
    write: (to: Pick<Adapter, 'create' | 'update' | 'incrementOne'>) => Promise<Result>,
  ): Promise<Result> => {
    if (!eventOf) return write({ create, update, incrementOne })
    return recorder.inOne(async () => {
      const row = await write(await getCurrentAdapter(adapter))
      const event = row && eventOf(row as unknown as Row, data)
      if (event) await recorder.record([event])
      return row
    })
  }

  adapter.create = (given) => recorded(CREATED[given.model], given.data, (to) => to.create(given))
  adapter.update = (given) => recorded(UPDATED[given.model], given.update, (to) => to.update(given))
  adapter.incrementOne = (given) => recorded(TAKEN[given.model], given, (to) => to.incrementOne(given))
  adapter.deleteMany = async (given) => {
    const userId = tryGetCurrentAuthEndpointContext()?.context.session?.user.id
    if (path() !== '/two-factor/forget-device' || userId === undefined) return deleteMany(given)
    return recorder.inOne(async () => {
      const deleted = await (await getCurrentAdapter(adapter)).deleteMany(given)
      if (deleted > 0) await recorder.record([{ type: 'device-forgotten', userId }])
      return deleted
    })
  }
}
