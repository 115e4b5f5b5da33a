import { ensureBuilt } from './build.ts'
import { ensureSystemPackages } from './system-packages.ts'

/** What `hearth` needs in a checkout. Told beside the command's own output, which may go into a pipe. */
try {
  await ensureBuilt(async () => {
    process.stderr.write('Building Hearth from its present sources.\n')
    await ensureSystemPackages('services')
  })
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exit(1)
}
