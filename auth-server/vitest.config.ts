import { defineConfig } from 'vitest/config'

if (!process.env.TEST_DATABASE_ADMIN_URL) {
  throw new Error(
    [
      'TEST_DATABASE_ADMIN_URL is not set: these tests need a PostgreSQL. Run them beside a throw-away one, from the root:',
      '  node --import tsx dev/src/main.ts with-postgres -- npx vitest run --root auth-server',
    ].join('\n'),
  )
}

export default defineConfig({
  test: {
    include: ['{src,test}/**/*.test.ts'],
    // vitest sets NODE_ENV and TEST, and better-auth switches its origin and CSRF checks off where it sees them.
    env: { NODE_ENV: 'production', TEST: '' },
    globalSetup: './test/program-file.ts',
    pool: 'forks',
    // One process for all files: nothing here is mocked, and to load better-auth for each file costs 2 s of CPU.
    isolate: false,
    // Against what hangs: a busy machine takes many times as long as a quiet one, and vitest's own second for a poll is soon over.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
    dangerouslyIgnoreUnhandledErrors: false,
  },
})
