import { type AuthContext, BASE_ERROR_CODES } from 'better-auth'
import { admin } from 'better-auth/plugins/admin'
import { type Endpoint, type Endpoints, GET, POST } from '../endpoint.ts'

/** For users with the role `admin`, which it adds. */
export const administration = () => admin()

// biome-ignore format: a table reads by columns
export const ADMINISTRATION = {
  '/admin/get-user':             { methods: GET,  session: 'used', password: 'unused',  mayEndSessions: false, limit: 'default' },
  '/admin/list-users':           { methods: GET,  session: 'used', password: 'unused',  mayEndSessions: false, limit: 'default' },
  '/admin/create-user':          { methods: POST, session: 'used', password: 'set',     mayEndSessions: true,  limit: 'default' },
  '/admin/update-user':          { methods: POST, session: 'used', password: 'unused',  mayEndSessions: true,  limit: 'default', unknownUser: 'better-auth' },
  '/admin/set-role':             { methods: POST, session: 'used', password: 'unused',  mayEndSessions: true,  limit: 'default', unknownUser: 'better-auth' },
  '/admin/has-permission':       { methods: POST, session: 'used', password: 'unused',  mayEndSessions: false, limit: 'default', unknownUser: 'better-auth' },
  '/admin/ban-user':             { methods: POST, session: 'used', password: 'unused',  mayEndSessions: true,  limit: 'default', unknownUser: 'better-auth' },
  '/admin/unban-user':           { methods: POST, session: 'used', password: 'unused',  mayEndSessions: true,  limit: 'default', unknownUser: 'better-auth' },
  '/admin/remove-user':          { methods: POST, session: 'used', password: 'unused',  mayEndSessions: true,  limit: 'default', unknownUser: 'better-auth' },
  '/admin/set-user-password':    { methods: POST, session: 'used', password: 'changed', mayEndSessions: true,  limit: 'default', unknownUser: 'better-auth' },
  '/admin/impersonate-user':     { methods: POST, session: 'used', password: 'unused',  mayEndSessions: true,  limit: 'default', unknownUser: 'better-auth' },
  '/admin/stop-impersonating':   { methods: POST, session: 'used', password: 'unused',  mayEndSessions: true,  limit: 'default' },
  '/admin/list-user-sessions':   { methods: POST, session: 'used', password: 'unused',  mayEndSessions: true,  limit: 'default', unknownUser: 'server', lists: 'sessions' },
  '/admin/revoke-user-session':  { methods: POST, session: 'used', password: 'unused',  mayEndSessions: true,  limit: 'default', revokes: 'sessionToken' },
  '/admin/revoke-user-sessions': { methods: POST, session: 'used', password: 'unused',  mayEndSessions: true,  limit: 'default', unknownUser: 'server' },
} as const satisfies Endpoints

type Context = Pick<AuthContext, 'internalAdapter'>

/** "Done" for a user who does not exist would hide a slip in the id, and leave the one who was meant signed in. */
export function refuseUnknownUsers(context: Promise<Context>) {
  return async function refuse(response: Response, { unknownUser }: Endpoint, userId: unknown): Promise<Response> {
    if (response.status >= 300 || unknownUser !== 'server') return response
    const { internalAdapter } = await context
    const user = await internalAdapter.findUserById(String(userId))
    return user ? response : Response.json(BASE_ERROR_CODES.USER_NOT_FOUND, { status: 404 })
  }
}
