import { type AuthContext, BASE_ERROR_CODES } from 'better-auth'

type Context = Pick<AuthContext, 'internalAdapter'>
type Asked = { route: string | undefined; body: Record<string, unknown> | undefined }

/** An administrator's routes that better-auth answers for any `userId`; the others look for the user themselves. */
const ANSWERED_FOR_ANY = new Set(['/api/auth/admin/revoke-user-sessions', '/api/auth/admin/list-user-sessions'])

/** "Done" for a user who does not exist would hide a slip in the id, and leave the one who was meant signed in. */
export function refuseUnknownUsers(context: Promise<Context>) {
  return async function refuse(answer: Response, { route, body }: Asked): Promise<Response> {
    if (answer.status >= 300 || !ANSWERED_FOR_ANY.has(route ?? '')) return answer
    const { internalAdapter } = await context
    const user = await internalAdapter.findUserById(String(body?.userId))
    return user ? answer : Response.json(BASE_ERROR_CODES.USER_NOT_FOUND, { status: 404 })
  }
}
