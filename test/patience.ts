import { vi } from 'vitest'

/** Milliseconds a test waits for what is to come, as long as `expect.poll` does by vitest.config.ts. */
const timeout = 180_000

// Vitest gives these one second, and has a setting for `expect.poll` alone. Files that share a process do this anew each.
const { waitFor, waitUntil } = vi
vi.waitFor = (check, options) => waitFor(check, { timeout, ...(typeof options === 'object' ? options : {}) })
vi.waitUntil = (check, options) => waitUntil(check, { timeout, ...(typeof options === 'object' ? options : {}) })
