import { ensureBuilt } from './build.ts'
import { electronArguments } from './electron-arguments.ts'
import { describeRuntime, findElectronRuntime } from './electron-runtime.ts'
import { runProgram } from './program.ts'
import { dependencyFile } from './project.ts'
import { ensureSystemPackages } from './system-packages.ts'
import { hasDisplay } from './virtual-screen.ts'

/**
 * `npm run test:e2e`: the window's tests in a real Electron. Words after `--` go to Playwright (a file, `-g name`;
 * `npm run bench:window` gives it another `--config`).
 */
async function testWindow(): Promise<number> {
  await ensureSystemPackages(hasDisplay() ? 'window' : 'virtual-window')
  const runtime = await findElectronRuntime({ onProgress: line => console.log(line) })
  console.log(describeRuntime(runtime))
  await ensureBuilt()

  const env = {
    ...process.env,
    HEARTH_TEST_ELECTRON: runtime.executable,
    HEARTH_TEST_ARGUMENTS: JSON.stringify([...noGraphicsCard(), ...(await electronArguments())]),
  }
  const cli = dependencyFile('@playwright', 'test', 'cli.js')
  const given = process.argv.slice(2)
  const config = given.includes('--config') ? [] : ['--config', 'test/e2e/playwright.config.ts']
  return await runProgram(process.execPath, [cli, 'test', ...config, ...given], env)
}

/**
 * A virtual screen has no graphics card. Chromium, which would look for one in a process that fails and begins anew
 * while the window is already being drawn, is told so. One window that drew no frames may have been left behind by that.
 */
const noGraphicsCard = (): string[] => (hasDisplay() ? [] : ['--disable-gpu'])

try {
  process.exitCode = await testWindow()
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
