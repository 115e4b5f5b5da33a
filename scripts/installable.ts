import { existsSync } from 'node:fs'
import { run } from './run.ts'
import { onPath } from './system-packages.ts'

/** The account that the test of the installed package makes; when it is there, an earlier run was cut off. */
export const testPerson = 'hearth-test'

/** Lets that person install without a password. */
export const mayInstall = '/etc/sudoers.d/hearth-test'

/**
 * Why the test of the installed package cannot run on this computer: it installs Hearth on the system itself.
 *
 * @returns undefined when it can
 */
export async function whyNotInstallable(): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64' || !onPath('apt-get')) {
    return 'it wants Debian or a system made of it, on x64'
  }
  if (process.getuid?.() !== 0)
    return 'it installs a package and removes it, so it wants root: sudo npm run test:install'
  if ((await isInstalled()) && !(await wasCutOff())) return 'Hearth is installed here, and the test would remove it'
  return undefined
}

const isInstalled = async (): Promise<boolean> => {
  const { code, output } = await run('dpkg-query', ['-W', '-f', '${db:Status-Status}', 'hearth'])
  return code === 0 && output !== 'not-installed'
}

const wasCutOff = async (): Promise<boolean> => (await run('id', [testPerson])).code === 0

/** Takes away what a run that was cut off has left: the account with its processes, the package, the permission. */
export async function clearCutOffRun(): Promise<void> {
  if (!(await wasCutOff()) && !existsSync(mayInstall)) return
  // Also one that was cut off while dpkg was at work.
  for (const step of [
    ['pkill', '-KILL', '-u', testPerson],
    ['dpkg', '--purge', '--force-remove-reinstreq', 'hearth'],
    ['rm', '-rf', '/opt/Hearth', mayInstall],
    ['userdel', '--remove', testPerson],
  ]) {
    await run(step[0] as string, step.slice(1), {
      env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
    })
  }
  if (await wasCutOff()) throw new Error(`An earlier run was cut off, and the account ${testPerson} cannot be removed`)
}
