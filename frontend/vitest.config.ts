import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    environment: 'node',
    include: ['{src,serve}/**/*.test.ts', '*.test.ts', '../brand/src/*.test.ts'],
    // Against what hangs: a test that builds the pages twice takes many times as long on a busy machine as on a quiet one.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
  },
})
