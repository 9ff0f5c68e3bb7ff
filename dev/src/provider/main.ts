import { readLook } from '../brand.ts'
import { readProviderEnv } from '../env.ts'
import { createDemoProvider } from './server.ts'

const { host, port, origin, publicUrl, brandFolder } = readProviderEnv()
const server = createDemoProvider({ origin, publicUrl, look: readLook(brandFolder) })

// A port that is taken ends the process with Node's own message, which names it.
server.listen(port, host, () => {
  process.stdout.write(`demo provider: ${origin}, for ${publicUrl}\n`)
})

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close(() => process.exit(0))
    server.closeAllConnections()
  })
}
