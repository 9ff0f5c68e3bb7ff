import type { Pool } from 'pg'
import type { Env } from '../env.ts'
import type { Log } from '../log.ts'
import { AccessTokens } from './access-tokens.ts'
import { Connections } from './connections.ts'
import { OAuthClient } from './oauth.ts'

type Parts = { env: Env; pool: Pool; log: Log }

/** What both ports share of the connected services. */
export function createConnectedServices({ env, pool, log }: Parts) {
  const clients = new Map(
    env.connectedServices.flatMap((service) => {
      if (service.kind !== 'oauth') return []
      const redirectUri = `${env.PUBLIC_URL}/api/auth/connected-services/${service.id}/callback`
      return [[service.id, new OAuthClient(service, redirectUri)] as const]
    }),
  )
  const parts = { env, pool, log, clients }
  return { clients, log, connections: new Connections(parts), accessTokens: new AccessTokens(parts) }
}

export type ConnectedServices = ReturnType<typeof createConnectedServices>
