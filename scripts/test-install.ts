import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packHearth } from './dist/pack.ts'
import { freePort } from './free-port.ts'
import { clearCutOffRun, whyNotInstallable } from './installable.ts'
import { runProgram } from './program.ts'
import { dependencyFile } from './project.ts'
import { ensureSystemPackages } from './system-packages.ts'

/*
 * `npm run test:install`: packs this version and the next one, and hands both to the tests in test/install, which
 * install them on this very system. Words after `--` go to Vitest.
 */

/** What an installed version finds when it looks for a newer one. */
const next = '99.0.0'

async function testInstall(): Promise<number> {
  const why = await whyNotInstallable()
  if (why !== undefined) {
    console.error(`The installed package cannot be tested: ${why}.`)
    return 1
  }
  await clearCutOffRun()
  if (!(await ensureSystemPackages('install'))) return 1
  const folder = await mkdtemp(join(tmpdir(), 'hearth-install-'))
  try {
    const updateServer = `http://127.0.0.1:${await freePort()}/`
    const pack = (name: string, targets: readonly string[], version?: string) =>
      packHearth({ targets, output: join(folder, name), fast: true, updateServer, version })
    console.log('Packing two versions …')
    await Promise.all([pack('now', ['deb', 'tar.gz']), pack('next', ['deb'], next)])
    const env = { ...process.env, HEARTH_TEST_PACKAGES: folder, HEARTH_TEST_UPDATE_SERVER: updateServer }
    const vitest = dependencyFile('vitest', 'vitest.mjs')
    return await runProgram(process.execPath, [vitest, 'run', '--project', 'install', ...process.argv.slice(2)], env)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

try {
  process.exitCode = await testInstall()
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
