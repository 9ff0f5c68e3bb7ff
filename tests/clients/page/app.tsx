import { createAuthClient } from 'better-auth/react'
import { createRoot } from 'react-dom/client'

/** A page of somebody's own, with better-auth's client for React. The test calls the client, the page shows its session. */
const client = createAuthClient({ baseURL: new URLSearchParams(location.search).get('auth') ?? location.origin })

export type PageClient = typeof client

function Session() {
  const { data, isPending, error } = client.useSession()
  if (isPending) return <p id="session">pending</p>
  if (error) return <p id="session">error {error.status}</p>
  return <p id="session">{data ? `${data.user.name}, ${data.user.email}` : 'nobody'}</p>
}

const root = document.createElement('div')
document.body.append(root)
createRoot(root).render(<Session />)
Object.assign(window, { client })
