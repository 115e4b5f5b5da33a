import { vi } from 'vitest'

// Files that share a process share no state of Hearth's modules: each loads them anew.
vi.resetModules()
