import { join } from 'node:path'
import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: import.meta.dirname,
  testMatch: '**/*.bench.ts',
  outputDir: join(import.meta.dirname, '..', '..', '..', 'test-results', 'bench'),
  workers: 1,
  timeout: 600_000,
  expect: { timeout: 60_000 },
  reporter: [['line']],
})
