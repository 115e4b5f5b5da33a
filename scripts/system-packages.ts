import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from './run.ts'

/** One thing of the system, how to see that it is there, and the Debian package that brings it. */
interface Need {
  readonly debian: string
  /** A shared library by its soname, a program on the PATH, or a font for a language (an RFC 3066 tag). */
  readonly library?: string
  readonly program?: string
  readonly fontFor?: string
}

/** What the engines link to and a slim system lacks: the one for pictures computes with OpenMP. */
const engineNeeds: readonly Need[] = [{ debian: 'libgomp1', library: 'libgomp.so.1' }]

/** What Electron links to or loads. */
const electronNeeds: readonly Need[] = [
  { debian: 'libgtk-3-0', library: 'libgtk-3.so.0' },
  { debian: 'libnss3', library: 'libnss3.so' },
  { debian: 'libasound2', library: 'libasound.so.2' },
  { debian: 'libgbm1', library: 'libgbm.so.1' },
  { debian: 'libxss1', library: 'libXss.so.1' },
  { debian: 'libxtst6', library: 'libXtst.so.6' },
  { debian: 'libnotify4', library: 'libnotify.so.4' },
  { debian: 'fontconfig', program: 'fc-list' },
  { debian: 'fonts-noto-core', fontFor: 'en' },
  { debian: 'fonts-noto-cjk', fontFor: 'zh-cn' },
]

/** What the tests talk to: a registry as models come from. */
const testNeeds: readonly Need[] = [{ debian: 'docker-registry', program: 'docker-registry' }]

/** What the test of the installed package looks at it with, as a desktop does. */
const installNeeds: readonly Need[] = [
  { debian: 'desktop-file-utils', program: 'desktop-file-validate' },
  { debian: 'appstream', program: 'appstreamcli' },
  { debian: 'nsis', program: 'makensis' },
  { debian: 'libglib2.0-bin', program: 'gio' },
  { debian: 'shared-mime-info', program: 'update-mime-database' },
  { debian: 'xdg-utils', program: 'xdg-mime' },
  { debian: 'sudo', program: 'sudo' },
  { debian: 'curl', program: 'curl' },
]

/** A screen that exists in memory only, for a computer without one, and keys pressed on it. */
const virtualScreenNeeds: readonly Need[] = [
  { debian: 'xdotool', program: 'xdotool' },
  { debian: 'xvfb', program: 'Xvfb' },
  { debian: 'xauth', program: 'xauth' },
]

/**
 * What is to run: the services alone or under test, the app on a screen that is there, the app on a virtual one, or
 * its packages, installed.
 */
export type Purpose = 'services' | 'tests' | 'window' | 'virtual-window' | 'install'

const needsOf: Record<Purpose, readonly Need[]> = {
  services: engineNeeds,
  tests: [...engineNeeds, ...testNeeds],
  window: [...engineNeeds, ...electronNeeds],
  'virtual-window': [...engineNeeds, ...electronNeeds, ...virtualScreenNeeds],
  install: [...engineNeeds, ...electronNeeds, ...virtualScreenNeeds, ...installNeeds],
}

/**
 * Sees to it that the system has what a purpose needs. Missing packages are installed where we may (root, apt-get);
 * elsewhere the command to do so is told. Systems other than Linux need nothing.
 * @returns false when something is still missing; it has been told
 */
export async function ensureSystemPackages(
  purpose: Purpose,
  tell: (line: string) => void = line => console.error(line),
): Promise<boolean> {
  if (process.platform !== 'linux') return true
  const needs = needsOf[purpose]
  const missing = await missingPackages(needs)
  if (missing.length === 0) return true

  if (process.getuid?.() !== 0 || !onPath('apt-get')) {
    tell(`Missing on this system; install with: sudo apt-get install -y --no-install-recommends ${missing.join(' ')}`)
    return false
  }
  tell(`Installing system packages: ${missing.join(' ')}`)
  const failure = await aptInstall(missing)
  const left = failure ?? (await missingPackages(needs)).join(' ')
  if (left === '') return true
  tell(`System packages could not be installed: ${left}`)
  return false
}

async function missingPackages(needs: readonly Need[]): Promise<string[]> {
  const [libraries, fonts] = await Promise.all([
    run('ldconfig', ['-p'], { env: withSbin() }),
    Promise.all(needs.map(need => (need.fontFor === undefined ? undefined : hasFont(need.fontFor)))),
  ])
  return needs
    .filter((need, index) => {
      if (need.program !== undefined) return !onPath(need.program)
      if (need.fontFor !== undefined) return !fonts[index]
      // A system without ldconfig keeps its libraries in a way of its own; Electron itself will say what it lacks.
      return libraries.code === 0 && !libraries.output.includes(`\t${need.library} `)
    })
    .map(need => need.debian)
}

async function hasFont(language: string): Promise<boolean> {
  const fonts = await run('fc-list', [`:lang=${language}`, 'family'])
  return fonts.code === 0 && fonts.output.trim() !== ''
}

/** @returns what went wrong, in one line */
async function aptInstall(packages: readonly string[]): Promise<string | undefined> {
  const env = { ...withSbin(), DEBIAN_FRONTEND: 'noninteractive' }
  const settings = ['-o', 'Acquire::Retries=3', '-o', 'DPkg::Lock::Timeout=300']
  const update = await run('apt-get', [...settings, 'update'], { env })
  const install = await run('apt-get', [...settings, 'install', '-y', '--no-install-recommends', ...packages], { env })
  if (install.code === 0) return undefined
  return `${(install.output + (update.code === 0 ? '' : update.output)).trim().split('\n').at(-1)} (${packages.join(' ')})`
}

const withSbin = (): NodeJS.ProcessEnv => ({ ...process.env, PATH: `${process.env.PATH}${delimiter}/usr/sbin:/sbin` })

export const onPath = (program: string): boolean =>
  (process.env.PATH ?? '').split(delimiter).some(folder => existsSync(join(folder, program)))

if (process.argv[1] === import.meta.filename) {
  if (!(await ensureSystemPackages('virtual-window'))) process.exitCode = 1
}
