import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createMailServer } from './api.ts'
import { createMailbox, type Mailbox } from './mailbox.ts'
import { createSmtpServer } from './smtp.ts'

let mailbox: Mailbox
let smtp: ReturnType<typeof createSmtpServer>
let http: ReturnType<typeof createMailServer>
let url: string

beforeEach(async () => {
  mailbox = createMailbox({ mails: 3, bytes: 100_000 })
  smtp = createSmtpServer(mailbox)
  http = createMailServer(mailbox, { name: 'Beispiel & Co', colours: '--accent-text: #123456;', icon: 'data:,' })
  await Promise.all([once(smtp.listen(0, '127.0.0.1'), 'listening'), once(http.listen(0, '127.0.0.1'), 'listening')])
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
})
afterEach(async () => {
  http.closeAllConnections()
  await Promise.all([new Promise<void>((done) => smtp.close(done)), new Promise((done) => http.close(done))])
})

/** Speaks SMTP itself, so that what is sent is what stands here. Gives the reply to the last line. */
async function send(to: string, lines: string[]): Promise<string> {
  const socket = connect((smtp.server.address() as AddressInfo).port, '127.0.0.1').setEncoding('utf8')
  const replies = socket[Symbol.asyncIterator]()
  const script = ['EHLO test', 'MAIL FROM:<app@example.com>', `RCPT TO:<${to}>`, 'DATA', `${lines.join('\r\n')}\r\n.`]
  let reply = String((await replies.next()).value)
  for (const line of script) {
    socket.write(`${line}\r\n`)
    reply = String((await replies.next()).value)
  }
  socket.destroy()
  return reply
}

async function get(path: string) {
  const response = await fetch(url + path)
  return { status: response.status, headers: response.headers, text: await response.text() }
}

const plain = (subject: string, text = 'Hello') => [`To: Ann <ann@example.com>`, `Subject: ${subject}`, '', text]

test('a mail that was sent can be found by its recipient and read', async () => {
  expect(await send('ann@example.com', plain('=?utf-8?q?Gr=C3=BC=C3=9Fe?='))).toMatch(/^250/)

  const found = JSON.parse((await get('/api/v1/search?query=to:ann@example.com')).text)
  expect(found).toMatchObject({ total: 1, messages_count: 1, messages: [{ Subject: 'Grüße' }] })
  const mail = JSON.parse((await get(`/api/v1/message/${found.messages[0].ID}`)).text)
  expect(mail).toMatchObject({ To: [{ Name: 'Ann', Address: 'ann@example.com' }], Text: 'Hello\n' })
  expect(JSON.parse((await get('/api/v1/search?query=to:bob@example.com')).text).messages).toEqual([])
})

test('who only stands on the envelope is found too', async () => {
  await send('hidden@example.com', plain('For all'))

  expect(JSON.parse((await get('/api/v1/search?query=to:hidden')).text).messages_count).toBe(1)
})

test('only the newest mails are kept', async () => {
  for (const subject of ['one', 'two', 'three', 'four']) await send('ann@example.com', plain(subject))

  const { messages } = JSON.parse((await get('/api/v1/messages')).text)
  expect(messages.map((mail: { Subject: string }) => mail.Subject)).toEqual(['four', 'three', 'two'])
})

test('the bytes that are kept are bounded as well', async () => {
  for (const subject of ['one', 'two']) await send('ann@example.com', plain(subject, 'x'.repeat(60_000)))

  expect(mailbox.all().map((mail) => mail.Subject)).toEqual(['two'])
})

test('what a mail says is never markup of the page', async () => {
  await send('ann@example.com', plain('<img src=x onerror=alert(1)>', '"><script>alert(1)</script>'))

  for (const path of ['/', '/mail/latest']) {
    const page = await get(path)
    expect(page.status).toBe(200)
    expect(page.text.replace('<script type="module" src="/inbox.js">', '')).not.toContain('<script')
    expect(page.text.replace('<img src="data:,"', '')).not.toContain('<img')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  }
})

test('the pages have the name and the colours of the brand', async () => {
  await send('ann@example.com', plain('one'))

  for (const path of ['/', '/mail/latest']) {
    const { text } = await get(path)
    expect(text).toMatch(/<title>[^<]+ · Beispiel &amp; Co<\/title>/)
    expect(text).toContain('--accent-text: #123456;')
  }
})

test('HTML of a mail stands in a frame that may run nothing', async () => {
  await send('ann@example.com', ['Subject: x', 'Content-Type: text/html', '', '<p onclick="steal()">Hi</p>'])

  const { text } = await get('/mail/latest')
  expect(text).toMatch(/<iframe [^>]*sandbox="allow-popups allow-popups-to-escape-sandbox" srcdoc="[^"<]*"/)
})

test('a mail has its text as another view, with links that tell nobody where they were opened', async () => {
  const type = 'Content-Type: multipart/alternative; boundary=x'
  const parts = ['--x', 'Content-Type: text/plain', '', 'See https://example.com/a?b=1.', '--x']
  await send('ann@example.com', ['Subject: x', type, '', ...parts, 'Content-Type: text/html', '', '<b>Hi</b>', '--x--'])
  const [mail] = mailbox.all()

  const [asHtml, asText] = [await get(`/mail/${mail?.ID}`), await get(`/mail/${mail?.ID}?view=text`)]

  expect(asHtml.text).toContain('<iframe')
  expect(asHtml.text).toContain(`<a href="/mail/${mail?.ID}?view=text">As text</a>`)
  expect(asText.text).not.toContain('<iframe')
  expect(asText.text).toContain(`<a href="/mail/${mail?.ID}?view=text" aria-current="page">As text</a>`)
  expect(asText.text).toContain('<a href="https://example.com/a?b=1." rel="noreferrer">')
})

test('a mail that is not here has a page that says so, and so has any other address', async () => {
  const missing = await get('/mail/0123456789abcdef')
  expect(missing.status).toBe(404)
  expect(missing.text).toContain('<h1>This mail is not here</h1>')

  const response = await fetch(`${url}/nothing`, { headers: { accept: 'text/html' } })
  expect(response.status).toBe(404)
  expect(await response.text()).toContain('<h1>There is nothing here</h1>')
})

test('whoever follows the events hears of each change, until they hang up', async () => {
  const response = await fetch(`${url}/events`)
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  expect((await reader?.read())?.value).toBe('retry: 1000\n\n')

  await send('ann@example.com', plain('one'))
  expect((await reader?.read())?.value).toBe('data:\n\n')
  await fetch(`${url}/api/v1/messages`, { method: 'DELETE' })
  expect((await reader?.read())?.value).toBe('data:\n\n')

  await reader?.cancel()
  await send('ann@example.com', plain('two'))
  expect(mailbox.all()).toHaveLength(1)
})

test('another site cannot follow the events', async () => {
  const response = await fetch(`${url}/events`, { headers: { 'sec-fetch-site': 'cross-site' } })

  expect(response.status).toBe(403)
})

test('all mails can be deleted, but not by another site', async () => {
  await send('ann@example.com', plain('one'))
  const foreign = await fetch(`${url}/api/v1/messages`, {
    method: 'DELETE',
    headers: { 'sec-fetch-site': 'cross-site' },
  })
  expect(foreign.status).toBe(403)
  expect(mailbox.all().length).toBe(1)

  expect((await fetch(`${url}/api/v1/messages`, { method: 'DELETE' })).status).toBe(200)

  expect(mailbox.all()).toEqual([])
})

/** `fetch` lets nobody choose the Host. */
async function statusFor(head: string[]): Promise<number> {
  const socket = connect((http.address() as AddressInfo).port, '127.0.0.1').setEncoding('utf8')
  socket.end(`${head.join('\r\n')}\r\nConnection: close\r\n\r\n`)
  let text = ''
  for await (const part of socket) text += part
  return Number(text.split(' ')[1])
}

test('a page elsewhere whose name was given this address reads nothing and deletes nothing', async () => {
  await send('ann@example.com', plain('one'))
  const { port } = http.address() as AddressInfo
  const foreign = [
    'evil.example',
    `evil.example:${port}`,
    'localhost',
    `localhost:${port + 1}`,
    `127.0.0.1.nip.io:${port}`,
  ]
  for (const host of [...foreign, `localhost.evil.example:${port}`, `localhost:${port}@evil.example`, '']) {
    for (const line of ['GET /', 'GET /mail/latest', 'GET /api/v1/messages', 'DELETE /api/v1/messages', 'GET /readyz'])
      expect([host, line, await statusFor([`${line} HTTP/1.1`, `Host: ${host}`])]).toEqual([host, line, 421])
  }
  expect(await statusFor([`GET http://evil.example/ HTTP/1.1`, `Host: localhost:${port}`])).toBe(421)
  expect(await statusFor(['GET / HTTP/1.0'])).toBe(421)
  expect(mailbox.all().length).toBe(1)
})

test('it is served at every name of this machine', async () => {
  const { port } = http.address() as AddressInfo
  for (const host of [`localhost:${port}`, `LOCALHOST:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`])
    expect([host, await statusFor(['GET / HTTP/1.1', `Host: ${host}`])]).toEqual([host, 200])
})

test('no other origin may read it, nor load it as a resource', async () => {
  const { headers } = await get('/api/v1/messages')

  expect(headers.get('access-control-allow-origin')).toBeNull()
  expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
})

test('it says that it is up, and 404 for what is not there', async () => {
  for (const path of ['/livez', '/readyz']) expect((await get(path)).status).toBe(200)
  for (const path of ['/api/v1/message/nope', '/mail/nope', '/x', '//evil/', '/%'])
    expect((await get(path)).status).toBe(404)
})
