import { join } from 'node:path'
import { defineConfig } from '@playwright/test'
import { hasDisplay } from '../../scripts/virtual-screen.ts'

const results = join(import.meta.dirname, '..', '..', 'test-results')

export default defineConfig({
  testDir: import.meta.dirname,
  testMatch: '**/*.spec.ts',
  outputDir: join(results, 'e2e'),
  // An app waits as often as it computes, so two fill two cores. On a person's own screen they would fight for focus.
  workers: hasDisplay() ? 1 : 2,
  fullyParallel: true,
  retries: 0,
  forbidOnly: true,
  // Milliseconds. Only what hangs is to fail by time: a busy machine may take fifty times as long as an idle one.
  timeout: 600_000,
  expect: { timeout: 180_000 },
  reporter: [['list'], ['json', { outputFile: join(results, 'e2e.json') }]],
})
