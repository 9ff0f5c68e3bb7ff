import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

type Given = Record<string, string | undefined>

/** The folder that PAGES_FOLDER is seen from: two above this file, and also above the bundle (dist/main.js). */
const root = fileURLToPath(new URL('../..', import.meta.url))

export const pagesFolder = ({ PAGES_FOLDER = 'frontend/dist' }: Given) => resolve(root, PAGES_FOLDER)

/** What the settings of the pages say together. */
export function pageErrors(given: Given): string[] {
  if (given.SERVE_PAGES !== 'true') return given.APP_URL === undefined ? [] : ['APP_URL needs SERVE_PAGES=true']
  if (existsSync(join(pagesFolder(given), 'index.html'))) return []
  return [
    `PAGES_FOLDER leads to no built pages: there is no index.html in ${pagesFolder(given)} (npm run build --workspace frontend)`,
  ]
}

/** Where browsers find the pages that this server has itself; in production it must be set. */
export function publicUrlOf({ SERVE_PAGES, PUBLIC_URL, AUTH_PORT = '4000' }: Given): Given {
  return SERVE_PAGES === 'true' && PUBLIC_URL === undefined ? { PUBLIC_URL: `http://localhost:${AUTH_PORT}` } : {}
}
