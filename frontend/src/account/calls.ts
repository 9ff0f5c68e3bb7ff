import type { Client } from '../api/client.ts'
import { readDate, readText } from '../api/read.ts'

/** The backend's row for this user (`app_users`). */
export interface Profile {
  id: string
  userId: string
  email: string
  name: string
  createdAt: Date
}

export const fetchProfile = (backend: Client) => backend('GET', '/api/me', readProfile)

function readProfile(body: unknown): Profile {
  return {
    id: readText(body, 'id'),
    userId: readText(body, 'userId'),
    email: readText(body, 'email'),
    name: readText(body, 'name'),
    createdAt: readDate(body, 'createdAt'),
  }
}
