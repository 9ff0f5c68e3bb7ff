import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { embeddedDatabase } from './embedded/plan.ts'
import type { Settings } from './settings/settings.ts'
import type { Stack } from './stack.ts'
import { nodeWithTypeScript } from './typescript.ts'

/** What the command beside a throw-away stack is told of it. */
export function tellStack(folder: string, stack: Stack, settings: Settings): Record<string, string> {
  const { ports, variables } = settings
  const everywhere = {
    STACK_MODE: stack.mode,
    STACK_AUTH_URL: `http://127.0.0.1:${ports.AUTH_PORT}`,
    STACK_API_URL: `http://127.0.0.1:${ports.BACKEND_PORT}`,
    STACK_FRONTEND_URL: variables.PUBLIC_URL,
    STACK_MAIL_URL: `http://127.0.0.1:${ports.MAIL_PORT}`,
    STACK_SMTP_URL: `smtp://127.0.0.1:${ports.SMTP_PORT}`,
    STACK_SECRET: variables.BETTER_AUTH_SECRET ?? '',
    STACK_INTERNAL_TOKEN: variables.INTERNAL_TOKEN ?? '',
    STACK_CONTROL: controlCommand(basename(folder)),
  }
  const adminUrl = stack.adminUrl()
  if (adminUrl === undefined) return everywhere
  const {
    DATABASE_URL = '',
    BACKEND_DATABASE_URL = '',
    BACKEND_MIGRATION_DATABASE_URL = '',
  } = embeddedDatabase(settings, adminUrl)
  return {
    ...everywhere,
    STACK_AUTH_INTERNAL_URL: `http://127.0.0.1:${ports.AUTH_INTERNAL_PORT}`,
    STACK_DATABASE_ADMIN_URL: adminUrl,
    STACK_DATABASE_URL: DATABASE_URL,
    STACK_BACKEND_DATABASE_URL: BACKEND_DATABASE_URL,
    STACK_BACKEND_MIGRATION_DATABASE_URL: BACKEND_MIGRATION_DATABASE_URL,
  }
}

/** For a shell, from whatever folder. */
function controlCommand(name: string): string {
  const main = fileURLToPath(new URL('main.ts', import.meta.url))
  return [...nodeWithTypeScript, main, 'control', name].map(quoted).join(' ')
}

/** Bare where possible: `$STACK_CONTROL` unquoted in a shell script takes quotes literally. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
