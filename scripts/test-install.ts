import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packHearth } from './dist/pack.ts'
import { freePort } from './free-port.ts'
import { runProgram } from './program.ts'
import { dependencyFile } from './project.ts'
import { ensureSystemPackages, onPath } from './system-packages.ts'

/*
 * `npm run test:install`: packs this version and the next one, and hands both to the tests in test/install, which
 * install them on this very system. So it wants to be root, on a Debian without Hearth.
 */

/** What an installed version finds when it looks for a newer one. */
const next = '99.0.0'

async function testInstall(): Promise<number> {
  if (process.getuid?.() !== 0 || !onPath('apt-get')) {
    console.error('npm run test:install installs packages, so it runs as root on Debian or a system made of it.')
    return 1
  }
  await ensureSystemPackages('virtual-window')
  const folder = await mkdtemp(join(tmpdir(), 'hearth-install-'))
  try {
    const updateServer = `http://127.0.0.1:${await freePort()}/`
    const pack = (name: string, version?: string) =>
      packHearth({ targets: ['deb'], output: join(folder, name), fast: true, updateServer, version })
    console.log('Packing two versions …')
    await pack('now')
    await pack('next', next)
    const env = { ...process.env, HEARTH_TEST_PACKAGES: folder, HEARTH_TEST_UPDATE_SERVER: updateServer }
    const vitest = dependencyFile('vitest', 'vitest.mjs')
    return await runProgram(process.execPath, [vitest, 'run', '--project', 'install'], env)
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
