import type { Row, System } from './system.ts'

/** Of as many users as this it is seen which columns a system looks at. */
const WATCHED = 300

/** A system that also tells which columns of the users it has not looked at. */
export function watched(system: System): { system: System; unread: () => string[] } {
  const [there, read] = [new Set<string>(), new Set<string>()]
  let left = WATCHED

  function watching(row: Row): Row {
    for (const name of Object.keys(row)) there.add(name)
    return new Proxy(row, {
      get: (target, name) => {
        if (typeof name === 'string') read.add(name)
        return typeof name === 'string' ? target[name] : undefined
      },
    })
  }

  return {
    system: {
      ...system,
      user: (row, attached, context) => {
        if (left === 0) return system.user(row, attached, context)
        left -= 1
        return system.user(watching(row), attached, context)
      },
    },
    unread: () => [...there].filter((name) => !read.has(name)),
  }
}
