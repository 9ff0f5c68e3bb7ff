import { readNote, readNotePage, readProfile, readSessionUser, UnexpectedAnswer } from './answers.ts'
import { problemOf, RequestFailed } from './problem.ts'

/** Every call this app makes. Each either answers or throws a RequestFailed. */
export type Api = ReturnType<typeof createApi>

/** Past this the services' own deadlines are long over, and so is anybody's patience. */
const DEADLINE_MS = 30_000

interface Settings {
  /** Origins of the auth server and the backend; empty is our own. */
  authUrl: string
  apiUrl: string
  /** Tells "you are offline" from "the service is away" when there was no answer. */
  isOnline: () => boolean
}

/** The services as functions: plain fetch; the browser keeps the session in a cookie that scripts cannot read. */
export function createApi({ authUrl, apiUrl, isOnline }: Settings) {
  const auth = caller(authUrl, isOnline)
  const api = caller(apiUrl, isOnline)
  return {
    signUp: (name: string, email: string, password: string) =>
      auth('POST', '/api/auth/sign-up/email', readSessionUser, { name, email, password }),
    signIn: (email: string, password: string) =>
      auth('POST', '/api/auth/sign-in/email', readSessionUser, { email, password }),
    signOut: () => auth('POST', '/api/auth/sign-out', ignore, {}),
    fetchSession: () => auth('GET', '/api/auth/session', readSessionUser),

    fetchProfile: () => api('GET', '/api/me', readProfile),
    fetchNotes: (cursor: string | null) =>
      api('GET', cursor ? `/api/notes?${new URLSearchParams({ cursor })}` : '/api/notes', readNotePage),
    addNote: (text: string) => api('POST', '/api/notes', readNote, { text }),
    deleteNote: (id: string) => api('DELETE', `/api/notes/${encodeURIComponent(id)}`, ignore),
  }
}

function caller(baseUrl: string, isOnline: () => boolean) {
  const base = baseUrl.replace(/\/+$/, '')
  return async <T>(method: string, path: string, read: (body: unknown) => T, body?: object): Promise<T> => {
    const answer = await request(base + path, isOnline, {
      method,
      credentials: 'include',
      cache: 'no-store',
      signal: AbortSignal.timeout(DEADLINE_MS),
      headers: body
        ? { accept: 'application/json', 'content-type': 'application/json' }
        : { accept: 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    return readAnswer(answer, read)
  }
}

/** The one fetch of the app. It fails without an answer when offline, out of reach, late, or refused by CORS. */
async function request(url: string, isOnline: () => boolean, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (cause) {
    throw new RequestFailed(isOnline() ? { kind: 'unavailable', requestId: null } : { kind: 'offline' }, { cause })
  }
}

async function readAnswer<T>(answer: Response, read: (body: unknown) => T): Promise<T> {
  const body = await readJson(answer)
  if (!answer.ok) throw new RequestFailed(problemOf(answer, body))
  try {
    return read(body)
  } catch (cause) {
    if (!(cause instanceof UnexpectedAnswer)) throw cause
    throw new RequestFailed({ kind: 'unavailable', requestId: answer.headers.get('x-request-id') }, { cause })
  }
}

/** null for a body that is not JSON, or that broke off: the status says the rest. */
async function readJson(answer: Response): Promise<unknown> {
  return answer.json().catch(() => null)
}

function ignore(): void {}
