/** Profiles and key sets are a few kilobytes. */
const MAX_BYTES = 256 * 1024

/** A response of somebody else's server, whatever its status, within the size that it may have. No redirect is followed. */
export async function fetchText(url: string, init: RequestInit): Promise<{ status: number; text: string }> {
  const response = await fetch(url, {
    ...init,
    redirect: 'error',
    headers: { accept: 'application/json', 'user-agent': 'auth-server', ...init.headers },
  })
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > MAX_BYTES) throw new Error('the response is too long')
    chunks.push(chunk)
  }
  return { status: response.status, text: Buffer.concat(chunks).toString('utf8') }
}
