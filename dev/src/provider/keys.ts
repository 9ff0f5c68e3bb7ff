import { createHash, randomBytes } from 'node:crypto'

/** Keys of the demo provider open nothing. They are right for ever, by their own last characters, so it needs to keep none. */
export function newDemoKey(): string {
  const random = randomBytes(16).toString('hex')
  return `demo_${random}${checksumOf(random)}`
}

export function isDemoKey(key: string): boolean {
  const [, random = '', checksum] = /^demo_([0-9a-f]{32})([0-9a-f]{8})$/.exec(key) ?? []
  return checksum === checksumOf(random)
}

const checksumOf = (random: string) => createHash('sha256').update(`demo key ${random}`).digest('hex').slice(0, 8)
