import { readLook } from '../brand.ts'
import { readProviderEnv } from '../env.ts'
import { createDemoProvider } from './server.ts'

const { port, publicUrl, brandFolder } = readProviderEnv()
const server = createDemoProvider({ port, publicUrl, look: readLook(brandFolder) })

// A port that is taken ends the process with Node's own message, which names it.
server.listen(port, '127.0.0.1', () => {
  process.stdout.write(`demo provider: http://127.0.0.1:${port}, for ${publicUrl}\n`)
})

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close(() => process.exit(0))
    server.closeAllConnections()
  })
}
