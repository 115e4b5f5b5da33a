import { join } from 'node:path'
import { ensureBuilt } from './build.ts'
import { runProgram } from './program.ts'
import { projectFolder } from './project.ts'
import { ensureSystemPackages } from './system-packages.ts'

/** `npm run serve`: the services without a window. */
try {
  await ensureSystemPackages('services')
  await ensureBuilt()
  process.exitCode = await runProgram(process.execPath, [join(projectFolder, 'out', 'main', 'headless.js')])
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
