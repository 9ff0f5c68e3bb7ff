import { randomUUID } from 'node:crypto'

export interface Person {
  name: string
  email: string
  password: string
}

/** Nobody has met them yet. */
export function newPerson(name = 'Ada Lovelace'): Person {
  const id = randomUUID()
  return { name, email: `${id}@example.com`, password: `a password of ${id}` }
}
