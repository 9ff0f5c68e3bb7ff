import { runWithAdapter } from '@better-auth/core/context'
import type { betterAuth } from 'better-auth'
import { router } from 'better-auth/api'
import type { authOptions } from './better-auth.ts'

type Handler = (request: Request) => Promise<Response>
type Options = ReturnType<typeof authOptions> & { baseURL: string; trustedOrigins: string[] }
type Parts = Pick<ReturnType<typeof betterAuth<Options>>, '$context' | 'options'>

/**
 * What `auth.handler` does, with the endpoints and their routes made once. better-auth makes them again for each
 * request, with every schema of every plugin (better-auth#10188): half of the CPU of a request without a password.
 * It does so for addresses and origins that depend on the request; the types above say that ours do not.
 */
export function createHandler(auth: Parts): Handler {
  let made: Promise<Handler> | undefined

  return async (request) => {
    made ??= make(auth)
    return (await made)(request)
  }
}

async function make({ $context, options }: Parts): Promise<Handler> {
  const context = await $context
  // Frozen: each request gets a copy of it, and what one writes must not reach another.
  const shared = Object.freeze(Object.create(Object.getPrototypeOf(context), Object.getOwnPropertyDescriptors(context)))
  const { handler } = router(shared, options)
  return async (request) => runWithAdapter(context.adapter, () => handler(request))
}
