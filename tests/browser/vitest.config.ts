import { defineConfig } from 'vitest/config'

const shared = {
  testTimeout: 30_000,
  hookTimeout: 60_000,
  // As long as a browser is waited for. Vitest's second is shorter than a page takes to load on a busy machine.
  expect: { poll: { timeout: 10_000 } },
  // Not isolated: the files of a worker share its browser.
  isolate: false,
  maxWorkers: 2,
}

export default defineConfig({
  test: {
    // One stack for all: what others would notice runs when they are done.
    projects: [
      {
        test: {
          ...shared,
          name: 'pages',
          include: ['*.test.ts'],
          exclude: ['verified-sign-up.test.ts', 'outages.test.ts'],
        },
      },
      { root: '../clients', test: { ...shared, name: 'clients', include: ['*.test.ts'] } },
      // Auth servers share the mails that are to be sent. One with other settings would send those of other tests, in its way.
      {
        test: {
          ...shared,
          name: 'verified-sign-up',
          include: ['verified-sign-up.test.ts'],
          sequence: { groupOrder: 1 },
        },
      },
      // Stopping and starting takes long on a busy machine, and is not what is tested.
      {
        test: {
          ...shared,
          testTimeout: 120_000,
          name: 'outages',
          include: ['outages.test.ts'],
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
