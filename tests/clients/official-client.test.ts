import { describe, expect, test } from 'vitest'
import { stack } from '../browser/harness/stack.ts'
import { newUser, type User } from '../browser/harness/users.ts'
import { address } from './addresses.ts'
import { createProgram } from './program.ts'

const NEW_PASSWORD = 'another good password'

async function signedUp(user: User) {
  const program = createProgram(address('STACK_AUTH_URL'))
  const { data, error } = await program.client.signUp.email(user)
  expect(error).toBeNull()
  return { ...program, userId: data?.user.id ?? '' }
}

async function signedIn({ email, password }: Pick<User, 'email' | 'password'>) {
  const program = createProgram(address('STACK_AUTH_URL'))
  expect((await program.client.signIn.email({ email, password })).error).toBeNull()
  return program
}

type Program = ReturnType<typeof createProgram>

/** Who the auth server says it is, and who the backend says it is: they never differ. */
async function nameOf({ client, token }: Program) {
  const { data, error } = await client.getSession()
  expect(error).toBeNull()
  const me = await fetch(`${address('STACK_API_URL')}/api/me`, { headers: { authorization: `Bearer ${token()}` } })
  expect(me.status).toBe(data === null ? 401 : 200)
  if (me.ok) expect(await me.json()).toMatchObject({ userId: data?.user.id, name: data?.user.name })
  return data?.user.name ?? null
}

describe('the official client, with the token of its sign-in', () => {
  test('a sign-up is a session, and a sign-out ends it', async () => {
    const ada = newUser()
    const program = await signedUp(ada)
    expect(await nameOf(program)).toBe(ada.name)

    expect((await program.client.signOut()).error).toBeNull()

    expect(await nameOf(program)).toBeNull()
  })

  test('it signs in again while it still sends the token of the session that has ended', async () => {
    const ada = newUser()
    const program = await signedUp(ada)
    await program.client.signOut()

    const { error } = await program.client.signIn.email(ada)

    expect(error).toBeNull()
    expect(await nameOf(program)).toBe(ada.name)
  })

  test('a wrong password is an error with its code, and nobody is signed in', async () => {
    const { email } = newUser()
    const program = createProgram(address('STACK_AUTH_URL'))

    const { data, error } = await program.client.signIn.email({ email, password: NEW_PASSWORD })

    expect([data, error?.status, error?.code]).toEqual([null, 401, 'INVALID_EMAIL_OR_PASSWORD'])
    expect(program.token()).toBe('')
  })

  test('a session of the list is revoked with the token in the list', async () => {
    const ada = newUser()
    const [here, there] = [await signedUp(ada), await signedIn(ada)]
    const other = (await there.client.getSession()).data?.session
    const { data: sessions } = await here.client.listSessions()
    expect(sessions?.map(({ id }) => id)).toContain(other?.id)

    const listed = sessions?.find(({ id }) => id === other?.id)?.token ?? ''
    expect((await here.client.revokeSession({ token: listed })).error).toBeNull()

    expect([await nameOf(here), await nameOf(there)]).toEqual([ada.name, null])
  })

  test('the other sessions are revoked, and only they', async () => {
    const ada = newUser()
    const [here, there] = [await signedUp(ada), await signedIn(ada)]

    expect((await here.client.revokeOtherSessions()).error).toBeNull()

    expect([await nameOf(here), await nameOf(there)]).toEqual([ada.name, null])
  })

  test('a changed password is the one that counts, and the client goes on with its new session', async () => {
    const ada = newUser()
    const [here, there] = [await signedUp(ada), await signedIn(ada)]
    const change = { currentPassword: ada.password, newPassword: NEW_PASSWORD, revokeOtherSessions: true }

    expect((await here.client.changePassword(change)).error).toBeNull()

    expect([await nameOf(here), await nameOf(there)]).toEqual([ada.name, null])
    expect((await createProgram(address('STACK_AUTH_URL')).client.signIn.email(ada)).error?.status).toBe(401)
    await signedIn({ ...ada, password: NEW_PASSWORD })
  })

  test('a changed name reaches both services', async () => {
    const program = await signedUp(newUser())

    expect((await program.client.updateUser({ name: 'Grace Hopper' })).error).toBeNull()

    expect(await nameOf(program)).toBe('Grace Hopper')
  })
})

describe('its admin plugin', () => {
  test('an administrator finds, bans and unbans a user; a user may not', async () => {
    const [admin, user] = [await signedUp(newUser()), await signedUp(newUser('Grace Hopper'))]
    expect((await user.client.admin.listUsers({ query: {} })).error?.status).toBe(403)
    await stack.sql(`UPDATE "user" SET role = 'admin' WHERE id = '${admin.userId}'`)

    const { data } = await admin.client.admin.listUsers({
      query: { limit: 1, filterField: 'id', filterValue: user.userId },
    })
    expect(data?.users.map(({ name }) => name)).toEqual(['Grace Hopper'])

    expect((await admin.client.admin.banUser({ userId: user.userId })).error).toBeNull()
    expect(await nameOf(user)).toBeNull()
    expect((await admin.client.admin.unbanUser({ userId: user.userId })).error).toBeNull()
    expect((await admin.client.admin.setRole({ userId: user.userId, role: 'admin' })).data?.user.role).toBe('admin')
  })

  test('an administrator ends one session of a user', async () => {
    const ada = newUser()
    const [admin, user, elsewhere] = [await signedUp(newUser()), await signedUp(ada), await signedIn(ada)]
    await stack.sql(`UPDATE "user" SET role = 'admin' WHERE id = '${admin.userId}'`)
    const session = (await elsewhere.client.getSession()).data?.session
    const { data } = await admin.client.admin.listUserSessions({ userId: user.userId })

    const listed = data?.sessions.find(({ id }) => id === session?.id)?.token ?? ''
    expect((await admin.client.admin.revokeUserSession({ sessionToken: listed })).error).toBeNull()

    expect([await nameOf(user), await nameOf(elsewhere)]).toEqual([ada.name, null])
  })
})
