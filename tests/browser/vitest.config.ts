import { defineConfig } from 'vitest/config'

const patience = { testTimeout: 30_000, hookTimeout: 60_000 }

export default defineConfig({
  test: {
    // One stack for all: what stops parts of it runs when the others are done.
    projects: [
      { test: { ...patience, name: 'pages', include: ['*.test.ts'], exclude: ['outages.test.ts'], maxWorkers: 2 } },
      { root: '../clients', test: { ...patience, name: 'clients', include: ['*.test.ts'], maxWorkers: 2 } },
      { test: { ...patience, name: 'outages', include: ['outages.test.ts'], sequence: { groupOrder: 1 } } },
    ],
  },
})
