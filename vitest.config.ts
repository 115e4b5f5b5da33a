import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Milliseconds. Only what hangs is to fail by time: a busy machine may take fifty times as long as an idle one. */
const patience = 600_000
const pollPatience = 180_000

/** Vitest leaves one core to itself; on two that would be one file after the other. */
const maxWorkers = Math.max(2, availableParallelism() - 1)

export default defineConfig({
  test: {
    // A test that prints hides the next one's failure; nothing may write to the console.
    onConsoleLog: () => true,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          exclude: ['test/unit/renderer/**'],
          // A process for each of so many files takes longer than what they test: they share some, and no modules.
          isolate: false,
          setupFiles: ['test/patience.ts', 'test/fresh-modules.ts'],
          testTimeout: patience,
          hookTimeout: patience,
          expect: { poll: { timeout: pollPatience } },
          maxWorkers,
        },
      },
      {
        // Each file in a process of its own: a page is left with more than its modules.
        test: {
          name: 'renderer',
          include: ['test/unit/renderer/**/*.test.ts', 'test/unit/renderer/**/*.test.tsx'],
          setupFiles: 'test/patience.ts',
          testTimeout: patience,
          hookTimeout: patience,
          expect: { poll: { timeout: pollPatience } },
          maxWorkers,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: 'test/integration/build.ts',
          setupFiles: 'test/patience.ts',
          testTimeout: patience,
          hookTimeout: patience,
          expect: { poll: { timeout: pollPatience } },
          // Each file starts engines of its own; two at a time is what a two-core machine bears.
          maxWorkers: 2,
        },
      },
      {
        // Installs Hearth on the system it runs on: only by scripts/test-install.ts, which packs it first.
        test: {
          name: 'install',
          include: process.env.HEARTH_TEST_PACKAGES === undefined ? [] : ['test/install/**/*.test.ts'],
          testTimeout: patience,
          hookTimeout: patience,
          expect: { poll: { timeout: pollPatience } },
          // One thing after the other, and nothing more once something failed.
          fileParallelism: false,
          bail: 1,
        },
      },
    ],
  },
})
