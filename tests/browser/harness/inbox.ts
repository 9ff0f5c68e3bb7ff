import { vi } from 'vitest'
import { stack } from './stack.ts'

interface Mail {
  ID: string
  Subject: string
  Text: string
}

/** The nth mail to this address, when it is there. */
export async function mailTo(address: string, count = 1): Promise<Mail> {
  const query = new URLSearchParams({ query: `to:${address}` })
  const id = await vi.waitUntil(
    async () => {
      const response = await fetch(`${stack.mailUrl}/api/v1/search?${query}`)
      const { messages } = (await response.json()) as { messages: { ID: string }[] }
      return messages.toReversed()[count - 1]?.ID // the newest is first
    },
    { timeout: 20_000, interval: 100 },
  )
  const response = await fetch(`${stack.mailUrl}/api/v1/message/${id}`)
  return (await response.json()) as Mail
}

/** Where the link of that mail leads. */
export async function linkTo(address: string, count = 1): Promise<string> {
  const { Text } = await mailTo(address, count)
  const [link] = /http\S+#token=\S+/.exec(Text) ?? []
  if (!link) throw new Error(`no link in: ${Text}`)
  return link
}
