import { forkEngine } from './engine/fork.ts'
import { installedAt } from './installed.ts'
import { serve } from './serve.ts'

/** `npm run serve`. */
const { engineEntry, ...installed } = installedAt(import.meta.dirname)
process.exitCode = await serve({ ...installed, spawnEngine: forkEngine(engineEntry) })
