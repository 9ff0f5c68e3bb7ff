import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { vi } from 'vitest'
import { freePort } from '../../../dev/src/processes/ports.ts'
import { stack } from './stack.ts'

const frontend = fileURLToPath(new URL('../../../frontend/', import.meta.url))
const vite = fileURLToPath(new URL('../../../node_modules/vite/bin/vite.js', import.meta.url))

export interface Site {
  url: string
  close: () => void
}

/** The pages, built with another brand, beside the stack's own and in front of the same services, or of another auth server. */
export async function buildSite(brandFolder: string, authUrl = process.env.STACK_AUTH_URL): Promise<Site> {
  const port = await freePort()
  const url = new URL(stack.frontendUrl)
  url.port = String(port)
  const env = {
    ...process.env,
    BRAND_FOLDER: brandFolder,
    FRONTEND_PORT: String(port),
    AUTH_PROXY_URL: authUrl,
    BACKEND_PROXY_URL: process.env.STACK_API_URL,
  }
  const folder = await buildPages(env)
  const server = spawn(process.execPath, [vite, 'preview', '--outDir', folder], { cwd: frontend, env, stdio: 'ignore' })
  await vi.waitUntil(() => isReady(url.href), { timeout: 30_000, interval: 100 })
  const close = () => {
    server.kill()
    rmSync(folder, { recursive: true })
  }
  return { url: url.origin, close }
}

/** In a new folder, which is the caller's to remove. */
export async function buildPages(env: Record<string, string | undefined>): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'site-'))
  const build = [vite, 'build', '--outDir', folder, '--emptyOutDir', '--logLevel', 'warn']
  await promisify(execFile)(process.execPath, build, { cwd: frontend, env: { ...process.env, ...env } })
  return folder
}

export async function isReady(url: string): Promise<boolean> {
  const response = await fetch(url).catch(() => undefined)
  return response?.ok === true
}
