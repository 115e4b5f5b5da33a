import { ensureBuilt } from './build.ts'
import { electronArguments } from './electron-arguments.ts'
import { describeRuntime, findElectronRuntime } from './electron-runtime.ts'
import { runProgram } from './program.ts'
import { ensureSystemPackages, onPath } from './system-packages.ts'
import { hasDisplay, startVirtualScreen, type VirtualScreen } from './virtual-screen.ts'

/** `npm start`: brings together what the app needs and opens it. Words after `--` reach the app. */
async function start(): Promise<number> {
  const tell = (line: string) => console.log(line)
  const virtual = !hasDisplay()
  // Something missing has been told; the app may still run, with a plainer font for instance.
  await ensureSystemPackages(virtual ? 'virtual-window' : 'window', tell)
  if (virtual && !onPath('Xvfb')) {
    tell(
      'There is no display: install xvfb to open the window on a virtual one, or run `npm run serve` to have the API alone.',
    )
    return 1
  }
  const runtime = await findElectronRuntime({ onProgress: tell })
  tell(describeRuntime(runtime))
  if (await ensureBuilt()) tell('Built.')

  let screen: VirtualScreen | undefined
  try {
    if (virtual) {
      screen = await startVirtualScreen()
      tell(`No display here: Hearth opens on a virtual one (${screen.env.DISPLAY}). \`npm run serve\` needs none.`)
    }
    // Chromium regrets at length what a system may well lack, D-Bus or a graphics card. Words after `--` come later and
    // win.
    const args = ['--log-level=3', ...(await electronArguments()), ...process.argv.slice(2)]
    return await runProgram(runtime.executable, args, { ...process.env, ...screen?.env })
  } finally {
    await screen?.stop()
  }
}

try {
  process.exitCode = await start()
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
