import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { environment: 'node', include: ['{src,serve}/**/*.test.ts', '*.test.ts', '../brand/src/*.test.ts'] },
})
