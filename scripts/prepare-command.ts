import { ensureBuilt } from './build.ts'
import { ensureSystemPackages } from './system-packages.ts'

/** What `hearth` needs in a fresh checkout. Told beside the command's own output, which may go into a pipe. */
process.stderr.write('Building Hearth, this once.\n')
await ensureSystemPackages('services')
try {
  await ensureBuilt()
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exit(1)
}
