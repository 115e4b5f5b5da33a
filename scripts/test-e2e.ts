import { ensureBuilt } from './build.ts'
import { electronArguments } from './electron-arguments.ts'
import { describeRuntime, findElectronRuntime } from './electron-runtime.ts'
import { runProgram } from './program.ts'
import { dependencyFile } from './project.ts'
import { ensureSystemPackages } from './system-packages.ts'
import { hasDisplay, startVirtualScreen, type VirtualScreen } from './virtual-screen.ts'

/**
 * `npm run test:e2e`: the window's tests in a real Electron. Words after `--` go to Playwright (a file, `-g name`;
 * `npm run bench:window` gives it another `--config`).
 */
async function testWindow(): Promise<number> {
  const virtual = !hasDisplay()
  await ensureSystemPackages(virtual ? 'virtual-window' : 'window')
  const runtime = await findElectronRuntime({ onProgress: line => console.log(line) })
  console.log(describeRuntime(runtime))
  await ensureBuilt()

  let screen: VirtualScreen | undefined
  try {
    if (virtual) screen = await startVirtualScreen()
    const env = {
      ...process.env,
      ...screen?.env,
      HEARTH_TEST_ELECTRON: runtime.executable,
      HEARTH_TEST_ARGUMENTS: JSON.stringify(await electronArguments()),
    }
    const cli = dependencyFile('@playwright', 'test', 'cli.js')
    const given = process.argv.slice(2)
    const config = given.includes('--config') ? [] : ['--config', 'test/e2e/playwright.config.ts']
    const args = [cli, 'test', ...config, ...given]
    return await runProgram(process.execPath, args, env)
  } finally {
    await screen?.stop()
  }
}

try {
  process.exitCode = await testWindow()
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
