import { rmSync } from 'node:fs'
import { freePort } from '../../../dev/src/processes/ports.ts'
import { startAuthServer } from './auth-server.ts'
import { buildPages, type Site } from './built-site.ts'

/** The pages as an auth server with this brand serves them. They were built with the one of the repository. */
export async function startServedSite(brandFolder: string): Promise<Site> {
  const folder = await buildPages({ BRAND_FOLDER: '' })
  const port = await freePort()
  const url = `http://localhost:${port}`
  const pages = { SERVE_PAGES: 'true', PAGES_FOLDER: folder, BRAND_FOLDER: brandFolder }
  const stop = await startAuthServer(port, { PUBLIC_URL: url, ...pages })
  const close = () => {
    stop()
    rmSync(folder, { recursive: true })
  }
  return { url, close }
}
