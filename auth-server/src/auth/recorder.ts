import { getCurrentAdapter, runWithTransaction, tryGetCurrentAuthEndpointContext } from '@better-auth/core/context'
import type { AuthContext } from 'better-auth'
import type { NewEvent } from '../audit/events.ts'
import { rowOf } from '../audit/record.ts'
import { AUDIT_TABLE } from '../audit/table.ts'
import type { Mails } from './mails/mails.ts'
import { isNoticed, noticeOf } from './mails/notices.ts'
import type { Observation } from './observation.ts'

type Adapter = AuthContext['adapter']
// `never`: takes functions of any parameters.
type AnyMethod = (...args: never[]) => Promise<unknown>

/** Writes what better-auth does, in the transaction that it has begun, or in one with what is recorded. */
export class Recorder {
  readonly #adapter: Adapter
  readonly #observation: Observation
  readonly #mails: Mails

  constructor(adapter: Adapter, observation: Observation, mails: Mails) {
    this.#adapter = adapter
    this.#observation = observation
    this.#mails = mails
  }

  /** The same method, with what it did recorded. `eventsOf` gets what it returned, and what it was called with. */
  method<Method extends AnyMethod>(
    method: Method,
    eventsOf: (result: Awaited<ReturnType<Method>>, ...args: Parameters<Method>) => readonly NewEvent[],
  ): Method {
    const recorded = (...args: Parameters<Method>) =>
      this.inOne(async () => {
        const result = (await method(...args)) as Awaited<ReturnType<Method>>
        await this.record(eventsOf(result, ...args))
        return result
      })
    return recorded as Method
  }

  async inOne<Result>(work: () => Promise<Result>): Promise<Result> {
    return runWithTransaction(this.#adapter, work)
  }

  /** Throws where it could not be written: then what it is about does not happen either. */
  async record(events: readonly NewEvent[]): Promise<void> {
    const adapter = await getCurrentAdapter(this.#adapter)
    const caller = callerId()
    if (caller !== null) this.#observation.note({ actorId: caller })
    for (const event of events) {
      const row = rowOf({ ...event, actorId: event.actorId ?? caller }, this.#observation.current?.origin)
      try {
        await adapter.create({ model: AUDIT_TABLE, data: { ...row, createdAt: new Date() } })
      } catch (error) {
        // better-auth's sign-out would say "done", although nothing was.
        this.#observation.note({ refusedEnd: error })
        throw error
      }
      if (event.type === 'signed-up' && event.userId !== null) this.#observation.note({ madeUser: event.userId })
      if (this.#mails.isOn && isNoticed(event)) await this.#tellOwner(event)
    }
  }

  async #tellOwner(event: NewEvent): Promise<void> {
    const { current } = this.#observation
    if (current?.madeUser === event.userId) return
    const adapter = await getCurrentAdapter(this.#adapter)
    const where = [{ field: 'id', value: event.userId }]
    const owner = await adapter.findOne<Owner>({ model: 'user', where })
    if (!owner) return
    const caller = callerId()
    const isOwn = caller === null || caller === owner.id
    const origin = isOwn ? current?.origin : undefined
    await this.#mails.add(adapter as Adapter, noticeOf({ event, origin }, owner))
  }

  /** How many sessions `work` deletes; others that the same request deletes meanwhile do not count. */
  countEnded(work: () => Promise<unknown>): Promise<number> {
    return this.#observation.countEnded(work)
  }

  /** Of the current request, as an object that is its own. */
  request = () => this.#observation.current

  async findSession(token: string): Promise<EndingSession | null> {
    const adapter = await getCurrentAdapter(this.#adapter)
    return adapter.findOne<EndingSession>({ model: 'session', where: [{ field: 'token', value: token }] })
  }
}

/** better-auth ends the other sessions one by one, all at once: a transaction and an event for each would be many. */
export function together<Item>(requestOf: () => object | undefined, work: (items: Item[]) => Promise<void>) {
  const batches = new WeakMap<object, { items: Item[]; done: Promise<void> }>()

  return function add(item: Item): Promise<void> {
    const request = requestOf()
    if (!request) return work([item])
    const batch = batches.get(request)
    if (batch) {
      batch.items.push(item)
      return batch.done
    }
    const items = [item]
    const done = Promise.resolve().then(() => {
      batches.delete(request)
      return work(items)
    })
    batches.set(request, { items, done })
    return done
  }
}

type Owner = Parameters<typeof noticeOf>[1]

type EndingSession = {
  id: string
  userId: string
  userAgent?: string | null | undefined
  impersonatedBy?: string | null | undefined
}

/** Who is signed in, where the endpoint asks for that; for an impersonated user, the administrator. */
function callerId(): string | null {
  const session = tryGetCurrentAuthEndpointContext()?.context.session
  if (!session) return null
  const { impersonatedBy } = session.session
  return typeof impersonatedBy === 'string' ? impersonatedBy : session.user.id
}
