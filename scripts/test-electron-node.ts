import { describeRuntime, findElectronRuntime } from './electron-runtime.ts'
import { runProgram } from './program.ts'
import { dependencyFile } from './project.ts'

/**
 * `npm run test:electron`: the unit tests under the Node that Electron carries, which is what main runs in, and
 * another than the one that runs this script. Words after `--` go to Vitest.
 */
async function testUnderElectronsNode(): Promise<number> {
  const runtime = await findElectronRuntime({ onProgress: line => console.log(line) })
  console.log(describeRuntime(runtime))
  const projects = ['--project', 'unit', '--project', 'renderer']
  const vitest = [dependencyFile('vitest', 'vitest.mjs'), 'run', ...projects, ...process.argv.slice(2)]
  return await runProgram(runtime.executable, vitest, { ...process.env, ELECTRON_RUN_AS_NODE: '1' })
}

try {
  process.exitCode = await testUnderElectronsNode()
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
