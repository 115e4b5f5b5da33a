import { join } from 'node:path'
import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: import.meta.dirname,
  testMatch: '**/*.shots.ts',
  outputDir: join(import.meta.dirname, '..', '..', 'test-results', 'pictures'),
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: [['line']],
})
