import { vi } from 'vitest'

/** Milliseconds a test waits for what is to come. Only what hangs is to fail by time: a busy machine is slow. */
const timeout = 30_000

// Vitest gives these one second, and has a setting for `expect.poll` alone.
const { waitFor, waitUntil } = vi
vi.waitFor = (check, options) => waitFor(check, { timeout, ...(typeof options === 'object' ? options : {}) })
vi.waitUntil = (check, options) => waitUntil(check, { timeout, ...(typeof options === 'object' ? options : {}) })
