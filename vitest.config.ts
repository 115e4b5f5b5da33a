import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // A test that prints hides the next one's failure; nothing may write to the console.
    onConsoleLog: () => true,
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts', 'test/unit/**/*.test.tsx'] } },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: 'test/integration/build.ts',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Each file starts engines of its own; two at a time is what a two-core machine bears.
          maxWorkers: 2,
        },
      },
    ],
  },
})
