import { randomInt } from 'node:crypto'
import { createAuthClient } from 'better-auth/client'
import { adminClient } from 'better-auth/client/plugins'

/** better-auth's client as its bearer documentation sets it up for a program; from an address of its own. */
export function createProgram(baseURL: string) {
  let token = ''
  const client = createAuthClient({
    baseURL,
    plugins: [adminClient()],
    fetchOptions: {
      headers: { 'x-real-ip': `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}` },
      auth: { type: 'Bearer', token: () => token },
      onSuccess: ({ response }) => {
        token = response.headers.get('set-auth-token') ?? token
      },
    },
  })
  return { client, token: () => token }
}
