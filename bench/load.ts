import { Agent, type OutgoingHttpHeaders, request } from 'node:http'

export type Target = { name: string; url: string; headers: OutgoingHttpHeaders; measured: string }

const IN_FLIGHT = 16

/** Sends `count` GETs over kept connections, IN_FLIGHT at a time; fails at the first answer that is not 200. */
export async function sendAll({ url, headers }: Target, count: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT })
  let left = count
  const sender = async () => {
    while (left-- > 0) await get(url, headers, agent)
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, sender))
  agent.destroy()
}

function get(url: string, headers: OutgoingHttpHeaders, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, headers }, (answer) => {
      answer.resume()
      if (answer.statusCode !== 200) reject(new Error(`${url} answered ${answer.statusCode}`))
      answer.on('end', resolve)
    })
    sent.on('error', reject).end()
  })
}
