import { createServer } from 'node:net'

/** Sends the same response to everything: the load generator's rate against it is the generator's own limit. */
const body = JSON.stringify({ title: 'Third quarter', pages: 12, owner: 'bench@example.com' })
const response = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`

createServer((socket) => {
  socket.setNoDelay()
  socket.on('data', () => socket.write(response))
  socket.on('error', () => socket.destroy())
}).listen(Number(process.argv[2]), '127.0.0.1')
