import { installedAt } from './installed.ts'
import { serve } from './serve.ts'

/** `npm run serve`. */
process.exitCode = await serve(installedAt(import.meta.dirname))
